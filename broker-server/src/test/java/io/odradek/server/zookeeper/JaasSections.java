package io.odradek.server.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;

/** Sections of JAAS for logins to ZooKeeper with a password: as a file for processes, and for this one until closed. */
public final class JaasSections implements AutoCloseable {
    private static final String DIGEST = "org.apache.zookeeper.server.auth.DigestLoginModule";

    private JaasSections() {}

    /** {@return the JVM's option for a server that knows one user} */
    public static String ofServer(Path folder, String user, String password) throws IOException {
        return option(folder.resolve("server.jaas"), "Server", "user_" + user + "=\"" + password + "\"");
    }

    /** {@return the JVM's option for a client} */
    public static String ofClient(Path folder, String user, String password) throws IOException {
        return option(
                folder.resolve("client.jaas"), "Client", "username=\"" + user + "\" password=\"" + password + "\"");
    }

    private static String option(Path file, String section, String options) throws IOException {
        Files.writeString(file, section + " {\n  " + DIGEST + " required " + options + ";\n};\n", UTF_8);
        return "-Djava.security.auth.login.config=" + file;
    }

    /** Has clients in this process log in, until it is closed. */
    public static JaasSections here(String user, String password) {
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return name.equals("Client")
                        ? new AppConfigurationEntry[] {
                            new AppConfigurationEntry(
                                    DIGEST,
                                    LoginModuleControlFlag.REQUIRED,
                                    Map.of("username", user, "password", password))
                        }
                        : null;
            }
        });
        return new JaasSections();
    }

    @Override
    public void close() {
        Configuration.setConfiguration(null);
    }
}
