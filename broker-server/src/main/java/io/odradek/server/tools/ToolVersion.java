package io.odradek.server.tools;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;

/** What {@code --version} tells: of this software, and of the client that it speaks with. */
final class ToolVersion {
    private static final String OF_CLIENT = "/kafka/kafka-version.properties";

    private ToolVersion() {}

    static String text() {
        String version = ToolVersion.class.getPackage().getImplementationVersion();
        return "odradek " + (version == null ? "(not from a jar)" : version) + ", with kafka-clients " + client();
    }

    private static String client() {
        Properties properties = new Properties();
        try (InputStream in = Admin.class.getResourceAsStream(OF_CLIENT)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException unreadable) {
            // Then it is not known.
        }
        return properties.getProperty("version", "of an unknown version");
    }
}
