package io.odradek.server.login;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.server.login.callback.UserHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks of logins that {@code sasl.server.callback.handler.class} names: users' own, or what this broker does anyway. */
final class CallbackHandlers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackHandlers.class);
    private static final String SETTING = "sasl.server.callback.handler.class";
    private static final String PACKAGE = "org.apache.kafka.common.security.";

    /** Kafka's own, of which users name the first to have tokens checked, and the others as they are its defaults. */
    private static final Map<String, String> KAFKAS = Map.of(
            PACKAGE + "oauthbearer.secured.OAuthBearerValidatorCallbackHandler", "OAUTHBEARER",
            PACKAGE + "oauthbearer.OAuthBearerValidatorCallbackHandler", "OAUTHBEARER",
            PACKAGE + "oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler", "OAUTHBEARER",
            PACKAGE + "plain.internals.PlainServerCallbackHandler", "PLAIN",
            PACKAGE + "scram.internals.ScramServerCallbackHandler", "SCRAM");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final WaitingThreads away;

    CallbackHandlers(int threads, int mostWaiting) {
        away = new WaitingThreads("login", threads, mostWaiting);
    }

    /**
     * {@return the class that is named for a mechanism, null for none}
     *
     * @param settings of the mechanism
     * @throws ConfigException if one is named without a mechanism
     */
    static String named(ListenerSettings settings) {
        String named = settings.text(SETTING);
        if (named == null || named.isBlank()) {
            return null;
        }
        if (!settings.isOfMechanism(SETTING)) {
            throw new ConfigException(settings.strongest(SETTING)
                    + " does not say of which listener's mechanism it is; the name has to be " + ListenerSettings.PREFIX
                    + "NAME.MECHANISM." + SETTING + ", in lower case");
        }
        return named.strip();
    }

    /** {@return the class of a user's own that is named for a mechanism, null for none} */
    static String namedByUser(ListenerSettings settings) {
        String named = named(settings);
        return named == null || KAFKAS.containsKey(named) ? null : named;
    }

    /**
     * {@return the user's own check of logins by a mechanism, null if there is none}
     *
     * @param settings of the mechanism
     * @throws ConfigException if one is named that cannot be had; its message is one line
     */
    UserHandler open(String mechanism, ListenerSettings settings) {
        String named = named(settings);
        if (named == null) {
            return null;
        }
        String ofMechanism = KAFKAS.get(named);
        if (ofMechanism != null) {
            if (!mechanism.startsWith(ofMechanism)) {
                throw new ConfigException(settings.strongest(SETTING), named, "a check of logins by " + mechanism);
            }
            return null;
        }
        try {
            UserHandler handler = UserHandler.open(named, mechanism, settings, LoginModules.all(settings));
            opened.add(handler);
            return handler;
        } catch (NoClassDefFoundError missing) {
            String name = String.valueOf(missing.getMessage());
            throw new ConfigException(settings.strongest(SETTING) + " is set, but "
                    + (name.startsWith("org/apache/kafka/")
                            ? "org.apache.kafka:kafka-clients is not on the class path, whose interface that class has"
                            : named + " needs a class that is not on the class path: " + name.replace('/', '.')));
        } catch (ConfigException refused) {
            throw new ConfigException("Bad value for " + settings.strongest(SETTING) + ": " + refused.getMessage());
        }
    }

    /** {@return where they are asked} */
    Executor away() {
        return away;
    }

    /** Ends what is under way, and then them. */
    @Override
    public void close() {
        away.close();
        for (AutoCloseable handler : opened) {
            try {
                handler.close();
            } catch (Exception failure) {
                LOG.error("A check of logins did not close", failure);
            }
        }
    }
}
