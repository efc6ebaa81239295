package io.odradek.server.login;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.security.sasl.JaasModule;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the login module of a mechanism is found: in {@code listener.name.NAME.MECHANISM.sasl.jaas.config}, in the same setting
 * of the listener or of all, or, where none of them is set, in a {@link JaasFile}.
 */
final class LoginModules {
    static final String SETTING = "sasl.jaas.config";

    private static final Map<String, String> CLASSES = Map.of(
            "PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule",
            "OAUTHBEARER", "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
            "SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule",
            "SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

    private LoginModules() {}

    /**
     * {@return the module of a mechanism}
     *
     * @throws ConfigException if there is none
     */
    static JaasModule require(String mechanism, ListenerSettings settings) {
        JaasModule module = find(mechanism, settings);
        if (module == null) {
            throw new ConfigException("Mechanism " + mechanism + " needs its users in "
                    + ListenerSettings.PREFIX + "NAME." + mechanism.toLowerCase(Locale.ROOT) + "." + SETTING
                    + ", such as " + CLASSES.get(mechanism) + " required user_alice=\"her password\";, or "
                    + JaasFile.words(settings.listener()));
        }
        return module;
    }

    /**
     * {@return the module of a mechanism, null if there is none}
     *
     * @throws ConfigException if there are none in the setting but others
     */
    static JaasModule find(String mechanism, ListenerSettings settings) {
        String wanted = CLASSES.get(mechanism);
        for (JaasModule module : all(settings)) {
            if (module.className().equals(wanted)) {
                return module;
            }
        }
        if (settings.text(SETTING) != null && !settings.text(SETTING).isBlank()) {
            throw new ConfigException("Bad value for " + settings.strongest(SETTING) + ": it has no " + wanted
                    + ", which " + mechanism + " needs");
        }
        return null;
    }

    /** {@return all modules that are meant for a mechanism, none if there are none} */
    static List<JaasModule> all(ListenerSettings settings) {
        String text = settings.text(SETTING);
        if (text == null || text.isBlank()) {
            return JaasFile.isNamed() ? JaasFile.modules(settings.listener()) : List.of();
        }
        try {
            return JaasModule.read(text);
        } catch (IllegalArgumentException bad) {
            throw new ConfigException("Bad value for " + settings.strongest(SETTING) + ": " + bad.getMessage());
        }
    }
}
