package io.odradek.server.login;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.security.oauth.OauthClientExchange;
import io.odradek.core.security.oauth.OauthExchange;
import io.odradek.core.security.oauth.UnsecuredTokens;
import io.odradek.core.security.sasl.JaasModule;
import io.odradek.core.security.sasl.OwnLogin;
import io.odradek.core.security.sasl.PlainClientExchange;
import io.odradek.core.security.sasl.PlainExchange;
import io.odradek.core.security.sasl.SaslClientExchange;
import io.odradek.core.security.scram.ScramClientExchange;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.server.login.jwt.OwnTokens;
import io.odradek.storage.env.Guests;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * How this broker logs in with others: by {@code sasl.mechanism.inter.broker.protocol}, as the user of the mechanism's login
 * module on the listener, or with a token that it is given.
 */
final class OwnLogins {
    static final String MECHANISM = "sasl.mechanism.inter.broker.protocol";
    private static final String HANDLER = "sasl.login.callback.handler.class";
    private static final String TOKEN_USER = "unsecuredLoginStringClaim_sub";
    private static final long TOKEN_LIFETIME_MS = 3_600_000;

    private OwnLogins() {}

    /**
     * {@return the login at a listener}
     *
     * @param away where tokens are fetched
     * @throws ConfigException if its mechanism is none that there is, or lacks what it needs
     */
    static OwnLogin of(ListenerSettings settings, Guests guests, Executor away) {
        String name = settings.text(MECHANISM);
        if (ScramMechanism.of(name) == null && !name.equals(PlainExchange.NAME) && !name.equals(OauthExchange.NAME)) {
            throw new ConfigException(
                    settings.strongest(MECHANISM), name, "one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER");
        }
        ListenerSettings ofMechanism = settings.ofMechanism(name);
        if (name.equals(OauthExchange.NAME) && (ofMechanism.isSet(OwnTokens.URL) || givesOut(ofMechanism))) {
            JaasModule options = LoginModules.find(name, ofMechanism);
            OwnTokens tokens = OwnTokens.of(ofMechanism, options == null ? Map.of() : options.options(), guests, away);
            return new OfModule(name, () -> new OauthClientExchange(tokens.token()));
        }
        JaasModule module = LoginModules.require(name, ofMechanism);
        return new OfModule(name, exchange(name, module, guests));
    }

    /** {@return whether Kafka's way to tokens is named that are given out} */
    private static boolean givesOut(ListenerSettings settings) {
        String handler = settings.text(HANDLER);
        return handler != null && handler.endsWith(".OAuthBearerLoginCallbackHandler");
    }

    private static Supplier<SaslClientExchange> exchange(String name, JaasModule module, Guests guests) {
        if (name.equals(OauthExchange.NAME)) {
            String user = require(module, TOKEN_USER);
            return () -> {
                long nowMs = guests.clock().wallMs();
                return new OauthClientExchange(UnsecuredTokens.token(user, nowMs, nowMs + TOKEN_LIFETIME_MS));
            };
        }
        String user = require(module, "username");
        String password = require(module, "password");
        ScramMechanism scram = ScramMechanism.of(name);
        return scram == null
                ? () -> new PlainClientExchange(user, password)
                : () -> new ScramClientExchange(scram, user, password, guests.randoms());
    }

    private static String require(JaasModule module, String option) {
        String value = module.option(option);
        if (value == null) {
            throw new ConfigException(
                    "The login module " + module.className() + " of the listener between brokers has no " + option
                            + ", by which this broker logs in with others");
        }
        return value;
    }

    private record OfModule(String mechanism, Supplier<SaslClientExchange> exchange) implements OwnLogin {
        @Override
        public SaslClientExchange open() {
            return exchange.get();
        }
    }
}
