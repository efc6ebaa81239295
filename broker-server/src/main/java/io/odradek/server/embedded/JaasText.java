package io.odradek.server.embedded;

import io.odradek.core.security.oauth.OauthExchange;
import io.odradek.core.security.sasl.PlainExchange;
import io.odradek.server.embedded.SecurityPlan.Login;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Login modules as {@code sasl.jaas.config} has them. */
final class JaasText {
    /** The option that says who a token is of. */
    static final String TOKEN_USER = "unsecuredLoginStringClaim_sub";

    private static final String MODULES = "org.apache.kafka.common.security.";

    private JaasText() {}

    /** {@return the module by which a user logs in} */
    static String ofUser(Login login) {
        return module(login.mechanism(), credentials(login.mechanism(), login.user(), login.password()));
    }

    /**
     * {@return the module of brokers: who may log in, and how they do with each other}
     *
     * @param own their password; null where they need not
     */
    static String ofBrokers(String mechanism, List<Login> logins, String own) {
        Map<String, String> options =
                own == null ? new LinkedHashMap<>() : credentials(mechanism, BrokerGuard.ITSELF, own);
        if (mechanism.equals(PlainExchange.NAME)) {
            if (own != null) {
                options.put("user_" + BrokerGuard.ITSELF, own);
            }
            for (Login login : logins) {
                if (login.mechanism().equals(mechanism)) {
                    options.put("user_" + login.user(), login.password());
                }
            }
        }
        return module(mechanism, options);
    }

    private static Map<String, String> credentials(String mechanism, String user, String password) {
        Map<String, String> options = new LinkedHashMap<>();
        if (mechanism.equals(OauthExchange.NAME)) {
            options.put(TOKEN_USER, user);
        } else {
            options.put("username", user);
            options.put("password", password);
        }
        return options;
    }

    private static String module(String mechanism, Map<String, String> options) {
        StringBuilder text =
                new StringBuilder(MODULES).append(className(mechanism)).append(" required");
        options.forEach((name, value) -> text.append(' ')
                .append(isPlain(name) ? name : quoted(name))
                .append('=')
                .append(quoted(value)));
        return text.append(';').toString();
    }

    private static String className(String mechanism) {
        return switch (mechanism) {
            case PlainExchange.NAME -> "plain.PlainLoginModule";
            case OauthExchange.NAME -> "oauthbearer.OAuthBearerLoginModule";
            default -> "scram.ScramLoginModule";
        };
    }

    private static boolean isPlain(String name) {
        return name.chars().allMatch(letter -> letter == '_' || Character.isLetterOrDigit(letter));
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }
}
