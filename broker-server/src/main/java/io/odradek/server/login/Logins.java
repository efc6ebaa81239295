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
import java.util.function.Supplier;

/** The mechanisms of all listeners with SASL, made of their settings when the broker starts. Thread-safe. */
public final class Logins implements AutoCloseable {
    private static final String ENABLED = "sasl.enabled.mechanisms";
    private static final String SERVED = "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER";
    private static final int KEY_THREADS = 2;
    private static final int MOST_KEYS_WAITING = 1000;

    private final Map<String, Mechanisms> byListener = new LinkedHashMap<>();
    private final Map<String, OwnLogin> ownLogins = new LinkedHashMap<>();
    private final ScramUsers users;
    private final WaitingThreads away = new WaitingThreads("keys", KEY_THREADS, MOST_KEYS_WAITING);
    private final CallbackHandlers handlers;

    private Logins(BrokerConfig config, Guests guests) {
        handlers =
                new CallbackHandlers(config.int32("odradek.login.threads"), config.int32("odradek.login.max.waiting"));
        users = new ScramUsers(guests.randoms());
        try {
            addAll(config, guests);
        } catch (RuntimeException | Error refused) {
            close();
            throw refused;
        }
    }

    private void addAll(BrokerConfig config, Guests guests) {
        for (Listener listener : config.listeners().listeners()) {
            if (listener.needsLogin()) {
                byListener.put(listener.name(), mechanisms(config.ofListener(listener.name()), guests));
                if (talksToBrokers(config, listener)) {
                    ownLogins.put(listener.name(), OwnLogins.of(config.ofListener(listener.name()), guests, away));
                }
            }
        }
    }

    /**
     * {@return the logins of a broker}
     *
     * @throws ConfigException if somebody asks for what there is not, or a mechanism lacks what it needs
     */
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

    private Mechanisms mechanisms(ListenerSettings settings, Guests guests) {
        Map<String, Supplier<SaslExchange>> exchanges = new LinkedHashMap<>();
        Map<String, Long> maxReauthMs = new LinkedHashMap<>();
        for (String name : settings.list(ENABLED)) {
            ListenerSettings ofMechanism = settings.ofMechanism(name);
            exchanges.put(name, exchange(name, settings, ofMechanism, guests));
            maxReauthMs.put(name, ofMechanism.int64("connections.max.reauth.ms"));
        }
        if (exchanges.isEmpty()) {
            throw refuse(settings, "at least one mechanism");
        }
        return new OfListener(List.copyOf(exchanges.keySet()), exchanges, maxReauthMs);
    }

    private Supplier<SaslExchange> exchange(
            String name, ListenerSettings settings, ListenerSettings ofMechanism, Guests guests) {
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

    /** Those of one listener. */
    private record OfListener(
            List<String> names, Map<String, Supplier<SaslExchange>> exchanges, Map<String, Long> maxReauth)
            implements Mechanisms {
        @Override
        public SaslExchange open(String mechanism) {
            return exchanges.get(mechanism).get();
        }

        @Override
        public long maxReauthMs(String mechanism) {
            return maxReauth.get(mechanism);
        }
    }
}
