package io.odradek.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files with secrets that everybody may read are told of. */
@DisabledOnOs(OS.WINDOWS)
class SecretFilesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        permit(folder, "rwxr-xr-x");
    }

    private static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private Path file(String name, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "secret");
        permit(file, permissions);
        return file;
    }

    private static List<String> ofStore(Path store) {
        return SecretFiles.warnings(
                BrokerConfig.of(Map.of(
                        "ssl.keystore.location", store.toString(),
                        "listener.name.l.ssl.keystore.location", store.toString())),
                null);
    }

    @Test
    void aKeyStoreThatEverybodyMayReadIsOneLine() throws IOException {
        Path store = file("keys.p12", "rw-r--r--");

        assertThat(ofStore(store))
                .containsExactly("Every user of this machine may read " + store
                        + ", in which secrets are (listener.name.l.ssl.keystore.location): chmod o= " + store);
    }

    @Test
    void oneThatOnlyOwnerAndGroupMayReadIsNone() throws IOException {
        assertThat(ofStore(file("keys.p12", "rw-r-----"))).isEmpty();
        assertThat(ofStore(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void whereOthersMayNotEnterTheyMayNotRead() throws IOException {
        Path store = file("keys.p12", "rw-r--r--");
        permit(folder, "rwx------");

        assertThat(ofStore(store)).isEmpty();
    }

    @Test
    void aTokenIsASecretWhereItIsInAFile() throws IOException {
        Path token = file("token", "rw-r--r--");
        String setting = "sasl.oauthbearer.token.endpoint.url";

        assertThat(SecretFiles.warnings(
                        BrokerConfig.of(Map.of(setting, token.toUri().toString())), null))
                .containsExactly("Every user of this machine may read " + token + ", in which secrets are (" + setting
                        + "): chmod o= " + token);
        assertThat(SecretFiles.warnings(BrokerConfig.of(Map.of(setting, "https://issuer/token")), null))
                .isEmpty();
    }

    @Test
    void aFileOfLoginModulesHasSecrets() throws IOException {
        Path modules = file("jaas.conf", "rw-r--r--");

        for (String named :
                List.of(modules.toString(), "=" + modules, modules.toUri().toString())) {
            assertThat(SecretFiles.warnings(BrokerConfig.of(Map.of()), named))
                    .containsExactly("Every user of this machine may read " + modules
                            + ", in which secrets are (java.security.auth.login.config): chmod o= " + modules);
        }
    }

    @Test
    void settingsHaveSecretsIfOneOfThemIs() throws IOException {
        Path settings = file("broker.properties", "rw-r--r--");

        assertThat(SecretFiles.warnings(settings, Map.of("log.dirs", "/data", "ssl.keystore.location", "/k")))
                .isEmpty();
        assertThat(SecretFiles.warnings(settings, Map.of("listener.name.l.plain.sasl.jaas.config", "...")))
                .containsExactly("Every user of this machine may read " + settings
                        + ", in which secrets are (listener.name.l.plain.sasl.jaas.config): chmod o= " + settings);
    }
}
