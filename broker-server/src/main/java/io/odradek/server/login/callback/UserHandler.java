package io.odradek.server.login.callback;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.config.Setting;
import io.odradek.core.config.SettingTable;
import io.odradek.core.security.oauth.BearerTokens;
import io.odradek.core.security.oauth.BearerTokens.Verdict;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Invalid;
import io.odradek.core.security.oauth.BearerTokens.Verdict.Valid;
import io.odradek.core.security.sasl.JaasModule;
import io.odradek.core.security.sasl.PlainExchange;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.scram.ScramCredential;
import io.odradek.core.security.scram.ScramExchange;
import io.odradek.protocol.errors.Quoted;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;
import org.apache.kafka.common.security.plain.PlainAuthenticateCallback;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;

/**
 * A check of logins of the user's own, asked with the callbacks that Kafka asks it with. Whatever it does not say yes to is
 * refused. Asking it takes as long as it takes; it is asked by several threads at once, as by Kafka.
 */
public final class UserHandler implements AutoCloseable {
    private static final String INTERFACE = "org.apache.kafka.common.security.auth.AuthenticateCallbackHandler";

    private final AuthenticateCallbackHandler handler;

    private UserHandler(AuthenticateCallbackHandler handler) {
        this.handler = handler;
    }

    /**
     * Makes and configures one.
     *
     * @param className its class
     * @param settings of the mechanism, which it is given as it would be by Kafka
     * @param modules the mechanism's login modules
     * @throws ConfigException if there is none, or it refuses; its message is one line
     */
    public static UserHandler open(
            String className, String mechanism, ListenerSettings settings, List<JaasModule> modules) {
        AuthenticateCallbackHandler made = make(className);
        List<AppConfigurationEntry> entries = modules.stream()
                .map(module -> new AppConfigurationEntry(
                        module.className(), AppConfigurationEntry.LoginModuleControlFlag.REQUIRED, module.options()))
                .toList();
        try {
            made.configure(asKafkas(settings.values()), mechanism, entries);
        } catch (RuntimeException refusal) {
            closeAfter(refusal, made);
            throw new ConfigException(className + " does not take its settings: " + words(refusal));
        }
        return new UserHandler(made);
    }

    private static void closeAfter(RuntimeException refusal, AuthenticateCallbackHandler refusing) {
        try {
            refusing.close();
        } catch (RuntimeException another) {
            refusal.addSuppressed(another);
        }
    }

    private static AuthenticateCallbackHandler make(String className) {
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        try {
            Object made = Class.forName(
                            className, true, ofThread == null ? UserHandler.class.getClassLoader() : ofThread)
                    .getDeclaredConstructor()
                    .newInstance();
            if (made instanceof AuthenticateCallbackHandler handler) {
                return handler;
            }
            throw new ConfigException(className + " is no " + INTERFACE + ", which checks of logins are");
        } catch (ClassNotFoundException notThere) {
            throw new ConfigException(
                    "There is no class " + className + " on the class path, which is to check logins");
        } catch (ReflectiveOperationException | ExceptionInInitializerError cannot) {
            throw new ConfigException(
                    className + " cannot be made: " + words(cannot.getCause() == null ? cannot : cannot.getCause()));
        }
    }

    private static String words(Throwable fault) {
        return Quoted.text(String.valueOf(fault));
    }

    /** Secrets are wrapped, so that they are not shown by accident; those of the listener's other mechanisms are among them. */
    private static Map<String, Object> asKafkas(Map<String, Object> values) {
        Map<String, Object> wrapped = new TreeMap<>(values);
        wrapped.replaceAll((name, value) -> {
            boolean secret = isSecret(name) || isSecret(ListenerSettings.PREFIX + "any." + name);
            return secret && value instanceof String text ? new Password(text) : value;
        });
        return wrapped;
    }

    private static boolean isSecret(String name) {
        Setting setting = SettingTable.broker().find(name);
        return setting != null && setting.sensitive();
    }

    /** {@return a check of passwords} */
    public PlainExchange.Passwords passwords() {
        return (user, password) -> {
            PlainAuthenticateCallback callback = new PlainAuthenticateCallback(password.toCharArray());
            try {
                ask(new NameCallback("username", user), callback);
            } catch (RuntimeException failure) {
                return CompletableFuture.failedStage(failure);
            }
            return CompletableFuture.completedStage(callback.authenticated());
        };
    }

    /** {@return users of SCRAM} @param own knows all else about users: tokens, and how to answer for those that there are not */
    public ScramExchange.Users users(ScramExchange.Users own) {
        return new ScramExchange.Users() {
            @Override
            public ScramExchange.Found find(String name, boolean token) {
                if (token) {
                    return own.find(name, true);
                }
                ScramCredentialCallback callback = new ScramCredentialCallback();
                ask(new NameCallback("username", name), callback);
                var found = callback.scramCredential();
                return found == null
                        ? null
                        : new ScramExchange.Found(
                                new ScramCredential(
                                        found.salt(), found.storedKey(), found.serverKey(), found.iterations()),
                                Login.of(name));
            }

            @Override
            public byte[] decoy(String name) {
                return own.decoy(name);
            }

            @Override
            public int iterations(boolean token) {
                return own.iterations(token);
            }
        };
    }

    /** {@return a check of tokens} */
    public BearerTokens tokens() {
        return token -> {
            OAuthBearerValidatorCallback callback = new OAuthBearerValidatorCallback(token);
            ask(callback);
            return CompletableFuture.completedStage(verdict(callback));
        };
    }

    private static Verdict verdict(OAuthBearerValidatorCallback callback) {
        if (callback.token() != null) {
            String principal = callback.token().principalName();
            if (principal == null || principal.isBlank()) {
                return Invalid.token("its check takes it, but does not say whom it names");
            }
            return new Valid(principal, callback.token().lifetimeMs());
        }
        String status = callback.errorStatus();
        return status == null
                ? Invalid.token("its check says neither yes nor no")
                : new Invalid(
                        status, "its check refuses it", callback.errorScope(), callback.errorOpenIDConfiguration());
    }

    private void ask(Callback... callbacks) {
        try {
            handler.handle(callbacks);
        } catch (IOException | UnsupportedCallbackException failure) {
            throw new IllegalStateException(failure.toString(), failure);
        }
    }

    @Override
    public void close() {
        handler.close();
    }
}
