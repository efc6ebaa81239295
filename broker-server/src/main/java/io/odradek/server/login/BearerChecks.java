package io.odradek.server.login;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.security.oauth.BearerTokens;
import io.odradek.core.security.oauth.UnsecuredTokens;
import io.odradek.core.security.sasl.JaasModule;
import io.odradek.server.login.jwt.TokenChecks;
import io.odradek.storage.env.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tokens a listener takes: those that are signed with the keys of {@code sasl.oauthbearer.jwks.endpoint.url}, or, where that
 * is not set and Kafka's check of such tokens not named, any.
 */
final class BearerChecks {
    private static final Logger LOG = LoggerFactory.getLogger(BearerChecks.class);
    private static final String PACKAGE = "org.apache.kafka.common.security.oauthbearer.";
    private static final List<String> OF_SIGNED = List.of(
            PACKAGE + "secured.OAuthBearerValidatorCallbackHandler", PACKAGE + "OAuthBearerValidatorCallbackHandler");
    /** What would be passed over in silence where nobody looks at it. */
    private static final List<String> ONLY_OF_SIGNED = List.of(
            "sasl.oauthbearer.expected.issuer",
            "sasl.oauthbearer.expected.audience",
            "sasl.oauthbearer.sub.claim.name",
            "sasl.oauthbearer.scope.claim.name",
            "sasl.oauthbearer.clock.skew.seconds");

    private BearerChecks() {}

    /**
     * {@return the check of a listener's tokens}
     *
     * @param settings of the mechanism
     * @param away where keys are fetched
     * @throws ConfigException if there is none; its message is one line
     */
    static BearerTokens of(ListenerSettings settings, Clock clock, Executor away) {
        String handler = CallbackHandlers.named(settings);
        boolean named = handler != null && OF_SIGNED.contains(handler);
        if (named || settings.text(TokenChecks.URL) != null) {
            return signed(settings, clock, away);
        }
        return unsecured(settings, clock);
    }

    private static BearerTokens signed(ListenerSettings settings, Clock clock, Executor away) {
        JaasModule module = LoginModules.find("OAUTHBEARER", settings);
        try {
            return TokenChecks.of(settings, module == null ? Map.of() : module.options(), clock, away);
        } catch (NoClassDefFoundError missing) {
            throw new ConfigException(settings.strongest(TokenChecks.URL)
                    + " is set, but there is nothing to check signatures with: the distribution has it, broker-server and"
                    + " odradek-embedded need org.bitbucket.b_c:jose4j on the class path");
        }
    }

    private static BearerTokens unsecured(ListenerSettings settings, Clock clock) {
        for (String name : ONLY_OF_SIGNED) {
            if (settings.isSet(name)) {
                throw new ConfigException(settings.strongest(name) + " is about signed tokens, and needs "
                        + TokenChecks.URL + ", without which OAUTHBEARER takes tokens that nobody signs");
            }
        }
        JaasModule module = LoginModules.require("OAUTHBEARER", settings);
        try {
            UnsecuredTokens tokens = new UnsecuredTokens(clock, module.options());
            LOG.warn(
                    "{} has OAUTHBEARER with tokens that nobody signs: whoever reaches it is whoever it says it is. That is"
                            + " for tests only",
                    settings);
            return tokens;
        } catch (IllegalArgumentException bad) {
            throw new ConfigException(
                    "Bad value for " + settings.strongest(LoginModules.SETTING) + ": " + bad.getMessage());
        }
    }
}
