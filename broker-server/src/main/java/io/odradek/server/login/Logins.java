package io.odradek.server.login;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.config.Listener;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.engine.BrokerEngine;
import io.odradek.core.security.oauth.BearerTokens;
import io.odradek.core.security.oauth.OauthExchange;
import io.odradek.core.security.sasl.Mechanisms;
import io.odradek.core.security.sasl.OwnLogin;
import io.odradek.core.security.sasl.PlainExchange;
import io.odradek.core.security.sasl.SaslExchange;
import io.odradek.core.security.scram.ScramExchange;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.core.security.scram.ScramUsers;
import io.odradek.server.login.callback.UserHandler;
import io.odradek.storage.env.Guests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mechanisms of all listeners with SASL, made of their settings, anew when those change. Thread-safe. */
public final class Logins implements AutoCloseable {
    private static final String ENABLED = "sasl.enabled.mechanisms";
    private static final String SERVED = "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER";
    private static final int KEY_THREADS = 2;
    private static final int MOST_KEYS_WAITING = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);

    private final Map<String, LiveMechanisms> byListener = new LinkedHashMap<>();
    private final Map<String, OwnLogin> ownLogins = new ConcurrentHashMap<>();
    private final Map<String, ConfigException> refused = new ConcurrentSkipListMap<>();
    private final Guests guests;
    private final ScramUsers users;
    private final WaitingThreads away = new WaitingThreads("keys", KEY_THREADS, MOST_KEYS_WAITING);
    private final CallbackHandlers handlers;

    private Logins(BrokerConfig config, Guests guests) {
        this.guests = guests;
        handlers =
                new CallbackHandlers(config.int32("odradek.login.threads"), config.int32("odradek.login.max.waiting"));
        users = new ScramUsers(guests.randoms());
        try {
            addAll(config);
        } catch (RuntimeException | Error refused) {
            close();
            throw refused;
        }
    }

    private void addAll(BrokerConfig config) {
        for (Listener listener : config.listeners().listeners()) {
            if (listener.needsLogin()) {
                byListener.put(listener.name(), new LiveMechanisms());
                try {
                    hold(listener, made(config, listener));
                } catch (ConfigException why) {
                    refused.put(listener.name(), why);
                }
            }
        }
    }

    private void hold(Listener listener, Made made) {
        byListener.get(listener.name()).take(made.mechanisms());
        made.own().ifPresent(own -> ownLogins.put(listener.name(), own));
        refused.remove(listener.name());
    }

    /** @throws ConfigException if somebody asks for what there is not, or a mechanism lacks what it needs; its message is one line */
    public void require() {
        for (ConfigException why : refused.values()) {
            throw why;
        }
    }

    /** What the settings of a listener come to. */
    private record Made(LiveMechanisms.Known mechanisms, Optional<OwnLogin> own) {}

    private Made made(BrokerConfig config, Listener listener) {
        ListenerSettings settings = config.ofListener(listener.name());
        return new Made(
                mechanisms(settings),
                talksToBrokers(config, listener)
                        ? Optional.of(OwnLogins.of(settings, guests, away))
                        : Optional.empty());
    }

    /**
     * Finds out whether the logins that a listener is set to can take the place of those that hold.
     *
     * @throws ConfigException if they cannot; its message is one line
     */
    public void check(Listener listener, BrokerConfig next) {
        if (byListener.containsKey(listener.name())) {
            refuseHandlers(next.ofListener(listener.name()));
            made(next, listener);
        }
    }

    /** There is no telling what of users' own would be left of those before. */
    private static void refuseHandlers(ListenerSettings settings) {
        for (String name : settings.list(ENABLED)) {
            String handler = CallbackHandlers.namedByUser(settings.ofMechanism(name));
            if (handler != null) {
                throw new ConfigException("The logins of " + settings + " are not changed while a broker runs, as "
                        + handler + " checks them");
            }
        }
    }

    /**
     * Takes over what a listener is set to now, for logins that begin; what cannot be used is a line in the log.
     *
     * @param serving whether there may be connections
     */
    public void take(Listener listener, BrokerConfig now, boolean serving) {
        if (byListener.containsKey(listener.name())) {
            try {
                if (serving) {
                    refuseHandlers(now.ofListener(listener.name()));
                }
                hold(listener, made(now, listener));
                LOG.info("Listener {} has taken up its changed settings of logins for new ones", listener.name());
            } catch (ConfigException refused) {
                LOG.error("Listener {} goes on with the logins that it has: {}", listener.name(), refused.getMessage());
            }
        }
    }

    /** {@return the logins of a broker; what cannot be served of them, {@link #require} tells} */
    public static Logins of(BrokerConfig config, Guests guests) {
        return new Logins(config, guests);
    }

    /** Has them learn from a broker, before it starts, which users and tokens there are. */
    public void listen(BrokerEngine engine) {
        engine.tellOfClients(users);
        users.tokens(engine::token);
    }

    /** Ends what is under way to decide about logins. */
    @Override
    public void close() {
        away.close();
        handlers.close();
    }

    /** {@return how this broker logs in with others at one of their listeners, by its name; null where it need not} */
    public OwnLogin ownLogin(String listener) {
        return ownLogins.get(listener);
    }

    /** {@return the mechanisms by which one has to log in at a listener; null where nobody has to} */
    public Mechanisms mechanisms(Listener listener) {
        return byListener.get(listener.name());
    }

    /** A broker that is alone talks to nobody, and need not say how it would. */
    private static boolean talksToBrokers(BrokerConfig config, Listener listener) {
        boolean said = config.ofListener(listener.name()).isSet(OwnLogins.MECHANISM);
        return (said || config.zooKeeperConnect() != null)
                && (listener.name().equals(config.listeners().interBrokerName())
                        || listener.name().equalsIgnoreCase(config.text("control.plane.listener.name")));
    }

    private LiveMechanisms.Known mechanisms(ListenerSettings settings) {
        Map<String, Supplier<SaslExchange>> exchanges = new LinkedHashMap<>();
        Map<String, Long> maxReauthMs = new LinkedHashMap<>();
        for (String name : settings.list(ENABLED)) {
            ListenerSettings ofMechanism = settings.ofMechanism(name);
            exchanges.put(name, exchange(name, settings, ofMechanism));
            maxReauthMs.put(name, ofMechanism.int64("connections.max.reauth.ms"));
        }
        if (exchanges.isEmpty()) {
            throw refuse(settings, "at least one mechanism");
        }
        return new LiveMechanisms.Known(List.copyOf(exchanges.keySet()), exchanges, maxReauthMs);
    }

    private Supplier<SaslExchange> exchange(String name, ListenerSettings settings, ListenerSettings ofMechanism) {
        ScramMechanism scram = ScramMechanism.of(name);
        if (scram == null && !name.equals(PlainExchange.NAME) && !name.equals(OauthExchange.NAME)) {
            throw refuse(
                    settings,
                    "some of " + SERVED + ": this broker has no " + name
                            + (name.equals("GSSAPI") ? ", which holds where " + ENABLED + " is not set" : ""));
        }
        UserHandler handler = handlers.open(name, ofMechanism);
        if (scram != null) {
            ScramExchange.Users known = handler == null ? users.of(scram) : handler.users(users.of(scram));
            return where(handler, () -> new ScramExchange(scram, known, guests.randoms()));
        }
        if (name.equals(PlainExchange.NAME)) {
            PlainExchange.Passwords passwords = handler == null
                    ? new PlainPasswords(LoginModules.require(name, ofMechanism).optionsOf("user_"))
                    : handler.passwords();
            return where(handler, () -> new PlainExchange(passwords));
        }
        BearerTokens tokens = handler == null ? BearerChecks.of(ofMechanism, guests.clock(), away) : handler.tokens();
        return where(handler, () -> new OauthExchange(tokens));
    }

    /** What users have written may block. */
    private Supplier<SaslExchange> where(UserHandler handler, Supplier<SaslExchange> exchange) {
        return handler == null ? exchange : () -> new AwayExchange(exchange.get(), handlers.away());
    }

    private static ConfigException refuse(ListenerSettings settings, String wanted) {
        return new ConfigException(settings.strongest(ENABLED), String.join(",", settings.list(ENABLED)), wanted);
    }
}
