package io.odradek.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.server.env.PlainRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.storage.env.Guests;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A broker without kafka-clients and jose4j does not start where they are needed, and says so. */
class MissingLibrariesTest {
    private static final String PREFIX = "listener.name.guarded.";

    /** Starts logins where the libraries are not. */
    public static final class Start implements UnaryOperator<String> {
        @Override
        public String apply(String setting) {
            Map<String, String> settings = new TreeMap<>();
            settings.put("listeners", "GUARDED://127.0.0.1:0");
            settings.put("listener.security.protocol.map", "GUARDED:SASL_PLAINTEXT");
            settings.put("inter.broker.listener.name", "GUARDED");
            settings.put("sasl.enabled.mechanisms", setting.contains(".plain.") ? "PLAIN" : "OAUTHBEARER");
            settings.put(setting.split("=")[0], setting.split("=")[1]);
            try (Logins logins =
                    Logins.of(BrokerConfig.of(settings), new Guests(new SystemClock(), new PlainRandoms()))) {
                logins.require();
                return "it starts";
            } catch (ConfigException refused) {
                return refused.getMessage();
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static String without(String library, String setting) throws Exception {
        List<URL> classes = new ArrayList<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!path.contains(library)) {
                classes.add(Path.of(path).toUri().toURL());
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(classes.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            return ((UnaryOperator<String>) loader.loadClass(Start.class.getName())
                            .getDeclaredConstructor()
                            .newInstance())
                    .apply(setting);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void signedTokensNeedTheLibraryThatChecksThem() throws Exception {
        String url = PREFIX + "oauthbearer.sasl.oauthbearer.jwks.endpoint.url";

        assertThat(without("jose4j", url + "=https://127.0.0.1:1/keys"))
                .isEqualTo(url + " is set, but there is nothing to check signatures with: the distribution has it,"
                        + " broker-server and odradek-embedded need org.bitbucket.b_c:jose4j on the class path");
        assertThat(without("kafka-clients", url + "=https://127.0.0.1:1/keys")).isEqualTo("it starts");
    }

    @Test
    void checksOfUsersNeedKafkasInterfaces() throws Exception {
        String handler = PREFIX + "plain.sasl.server.callback.handler.class";

        assertThat(without("kafka-clients", handler + "=io.odradek.server.login.callback.OwnChecks"))
                .isEqualTo(handler + " is set, but org.apache.kafka:kafka-clients is not on the class path, whose"
                        + " interface that class has");
        assertThat(without("jose4j", handler + "=io.odradek.server.login.callback.OwnChecks"))
                .isEqualTo("it starts");
    }
}
