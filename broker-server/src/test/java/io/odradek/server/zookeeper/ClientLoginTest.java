package io.odradek.server.zookeeper;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientLoginTest {
    private static final String PROPERTY = "java.security.auth.login.config";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("jaas.conf");
        System.setProperty(PROPERTY, file.toString());
        Configuration.setConfiguration(null);
    }

    @AfterEach
    void forget() {
        System.clearProperty(PROPERTY);
        Configuration.setConfiguration(null);
    }

    @Test
    void aFileThatCannotBeReadIsRefusedWithoutItsSecrets() throws IOException {
        String refusal = "The JAAS configuration " + file + " (" + PROPERTY + ") cannot be read";
        isRefused(refusal);

        Files.writeString(file, "Client {\n  a.B required\n  username=\"me\" password hunter2;\n};");
        isRefused(refusal + "; line 3 is none of JAAS");
    }

    private static void isRefused(String why) {
        assertThatThrownBy(() -> ClientLogin.isConfigured(new ZKClientConfig()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(why);
    }
}
