package io.odradek.core.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.config.BrokerConfig;
import io.odradek.storage.env.Randoms;
import io.odradek.storage.env.SimulatedWorld;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Secrets in the tree. */
@Timeout(60)
class SecretTextTest {
    /** As Apache Kafka 3.9.2 has stored {@code secret}. */
    private static final String OF_KAFKA =
            "initializationVector:A3z85NtIoLGDPy7tMjdh7w==,keyLength:128,salt:INQSCGRyG1bQk24mYXEbwpqum"
                    + "jFxcxVShUaXi3GZWJUnL4Ztz3ajGmLgHM4yvTQjKMWFzkdO/52TPU05qEsrjVxJUFvIameRmAIjNDqYpK7g1wN0pec"
                    + "nw6xBVorZpB1drpwYZuI+rDubC5hr+bu9VaIbaoR1HqAe8Ad1PWBDVasqy+3x7zp/yeLERnhcKMKrgEA2ccSnTaO9A"
                    + "As7XHsq1ccAuJ8JQ49eUVoHc1QsNAYOQG1MHrG9rTx8q9FK2fwUbpsN7rEvp1edhp+v9pYVLPVZT3/xRK3V4rxyFlW"
                    + "31QCSt8rEl0zt6MRt16DuAefswVhnVc9+ImIg9+6l503XOw==,keyFactoryAlgorithm:PBKDF2WithHmacSHA512"
                    + ",cipherAlgorithm:AES/CBC/PKCS5Padding,iterations:4096,passwordLength:6,encryptedPassword:g"
                    + "c7ia9AfX3fytWmpKiHbUQ==";

    private final Randoms randoms = new SimulatedWorld(1).newRandoms("secrets");

    private static SecretText with(String... settings) {
        Map<String, String> given = new TreeMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            given.put("password.encoder." + settings[i], settings[i + 1]);
        }
        return new SecretText(BrokerConfig.of(given));
    }

    @Test
    void whatKafkaHasStoredIsRead() {
        assertThat(with("secret", "of the tree").decrypted(OF_KAFKA)).isEqualTo("secret");
        assertThat(with("secret", "a new one", "old.secret", "of the tree").decrypted(OF_KAFKA))
                .isEqualTo("secret");
        assertThat(with("secret", "of the tree").isOfNow(OF_KAFKA)).isTrue();
        assertThat(with("secret", "a new one", "old.secret", "of the tree").isOfNow(OF_KAFKA))
                .isFalse();
    }

    @Test
    void whatIsEncryptedIsReadWhateverItIsEncryptedWith() {
        for (String[] settings : new String[][] {
            {"secret", "s"},
            {"secret", "s", "key.length", "256", "iterations", "2000", "keyfactory.algorithm", "PBKDF2WithHmacSHA1"},
            {"secret", "s", "cipher.algorithm", "AES/GCM/NoPadding"},
        }) {
            String encrypted = with(settings).encrypted("hunter2, \u00fc=", randoms);
            assertThat(encrypted).doesNotContain("hunter2").contains("passwordLength:11");
            assertThat(with("secret", "s").decrypted(encrypted)).isEqualTo("hunter2, \u00fc=");
        }
    }

    @Test
    void whatCannotBeReadIsRefusedWithoutASecretInTheMessage() {
        for (String bad : new String[] {
            "hunter2",
            "a:b",
            OF_KAFKA.replace("iterations:4096", "iterations:2000000000"),
            OF_KAFKA.replace("keyLength:128", "keyLength:2147483640"),
            OF_KAFKA.replace("PBKDF2WithHmacSHA512", "ROT13"),
            OF_KAFKA.replace("keyLength:128", "keyLength:x"),
            OF_KAFKA.replace("salt:", "salt:?"),
        }) {
            assertThatThrownBy(() -> with("secret", "of the tree").decrypted(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain("of the tree", "hunter2");
        }
        assertThatThrownBy(() -> with("secret", "another").decrypted(OF_KAFKA))
                .hasMessage("it was encrypted with another secret than password.encoder.secret");
        assertThatThrownBy(() -> with().decrypted(OF_KAFKA)).hasMessage("password.encoder.secret is not set");
    }
}
