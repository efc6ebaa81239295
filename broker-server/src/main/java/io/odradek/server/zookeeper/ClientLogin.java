package io.odradek.server.zookeeper;

import io.odradek.core.config.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.client.ZKClientConfig;

/**
 * With what a broker logs in to ZooKeeper by SASL: a section of the JVM's JAAS configuration
 * ({@code java.security.auth.login.config}), as with Apache Kafka. {@code zookeeper.sasl.clientconfig} names it, and
 * {@code zookeeper.sasl.client} turns it off, both properties of the JVM.
 */
final class ClientLogin {
    private static final String JAAS_FILE = "java.security.auth.login.config";
    private static final Pattern LINE = Pattern.compile("[Ll]ine (\\d+)");

    private ClientLogin() {}

    /** {@return the section's name} */
    static String section(ZKClientConfig config) {
        return config.getProperty(ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, ZKClientConfig.LOGIN_CONTEXT_NAME_KEY_DEFAULT);
    }

    /**
     * {@return whether there is a section to log in with}
     *
     * @throws ConfigException if the JAAS configuration cannot be read, or has a section that is not to be used
     */
    static boolean isConfigured(ZKClientConfig config) {
        if (!hasSection(section(config))) {
            return false;
        }
        if (!config.isSaslClientEnabled()) {
            throw new ConfigException(ZKClientConfig.ENABLE_CLIENT_SASL_KEY
                    + "=false, but the JAAS configuration has a section " + section(config)
                    + " to log in to ZooKeeper with: take one of them away");
        }
        return true;
    }

    private static boolean hasSection(String section) {
        try {
            return Configuration.getConfiguration().getAppConfigurationEntry(section) != null;
        } catch (SecurityException noConfiguration) {
            String file = System.getProperty(JAAS_FILE);
            if (file == null) {
                return false;
            }
            throw new ConfigException(
                    "The JAAS configuration " + file + " (" + JAAS_FILE + ") cannot be read" + where(noConfiguration));
        }
    }

    /** The JDK's own words may have a password in them, where the file is there. */
    private static String where(SecurityException bad) {
        Matcher line = LINE.matcher(String.valueOf(bad.getMessage()));
        return line.find() ? "; line " + line.group(1) + " is none of JAAS" : "";
    }
}
