package io.odradek.core.config.dynamic;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.storage.env.Randoms;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets as Apache Kafka 3.9 keeps them in the tree: encrypted with a key that is made of {@code password.encoder.secret} by
 * PBKDF2 (RFC 8018), beside everything else that it takes to read them, as {@code name:value} separated by commas. What was
 * stored with {@code password.encoder.old.secret} is read too.
 *
 * @param config of the broker, with the secret and how it is used
 */
record SecretText(BrokerConfig config) {
    private static final String SECRET = "password.encoder.secret";
    private static final String OLD_SECRET = "password.encoder.old.secret";
    private static final String KEY_FACTORY = "password.encoder.keyfactory.algorithm";
    private static final String BEST_KEY_FACTORY = "PBKDF2WithHmacSHA512";
    private static final int SALT_BYTES = 256;
    private static final int GCM_IV_BYTES = 12;
    private static final int BLOCK_BYTES = 16;
    private static final int TAG_BITS = 128;

    /** What somebody has written into the tree holds up nobody for long. */
    private static final int MOST_ITERATIONS = 1_000_000;

    private static final int MOST_KEY_BITS = 4096;

    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    /** {@return whether there is a secret to encrypt with} */
    boolean canEncrypt() {
        return config.text(SECRET) != null;
    }

    /**
     * {@return a text encrypted}
     *
     * @throws ConfigException if this JVM does not have what is to be used for it
     */
    String encrypted(String text, Randoms randoms) {
        String algorithm = config.text("password.encoder.cipher.algorithm");
        int keyBits = config.int32("password.encoder.key.length");
        int iterations = config.int32("password.encoder.iterations");
        String factory = config.text(KEY_FACTORY) == null ? BEST_KEY_FACTORY : config.text(KEY_FACTORY);
        byte[] salt = bytes(SALT_BYTES, randoms);
        byte[] vector = bytes(isGcm(algorithm) ? GCM_IV_BYTES : BLOCK_BYTES, randoms);
        try {
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    key(config.text(SECRET), factory, salt, iterations, keyBits, algorithm),
                    vector(algorithm, vector));
            byte[] plain = text.getBytes(StandardCharsets.UTF_8);
            return "keyFactoryAlgorithm:" + factory + ",keyLength:" + keyBits + ",cipherAlgorithm:" + algorithm
                    + ",iterations:" + iterations + ",salt:" + BASE64.encodeToString(salt) + ",initializationVector:"
                    + BASE64.encodeToString(vector) + ",encryptedPassword:"
                    + BASE64.encodeToString(cipher.doFinal(plain)) + ",passwordLength:" + text.length();
        } catch (GeneralSecurityException missing) {
            throw new ConfigException(
                    "Secrets cannot be encrypted by the settings password.encoder.*: " + missing.getMessage());
        }
    }

    /**
     * {@return the text that was encrypted}
     *
     * @throws IllegalArgumentException if that cannot be told; its message has nothing of the secret
     */
    String decrypted(String encrypted) {
        if (!canEncrypt()) {
            throw new IllegalArgumentException(SECRET + " is not set");
        }
        Map<String, String> fields = fields(encrypted);
        try {
            return decrypted(fields, config.text(SECRET));
        } catch (GeneralSecurityException | IllegalArgumentException otherSecret) {
            String old = config.text(OLD_SECRET);
            if (old != null) {
                try {
                    return decrypted(fields, old);
                } catch (GeneralSecurityException | IllegalArgumentException neither) {
                    // What follows holds of both.
                }
            }
            throw new IllegalArgumentException(
                    "it was encrypted with another secret than " + SECRET + (old == null ? "" : " and " + OLD_SECRET));
        }
    }

    /** {@return whether a text was encrypted with the secret of now, and not with the one before} */
    boolean isOfNow(String encrypted) {
        try {
            decrypted(fields(encrypted), config.text(SECRET));
            return true;
        } catch (GeneralSecurityException | IllegalArgumentException ofAnother) {
            return false;
        }
    }

    private static String decrypted(Map<String, String> fields, String secret) throws GeneralSecurityException {
        int iterations = Integer.parseInt(field(fields, "iterations"));
        if (iterations < 1 || iterations > MOST_ITERATIONS) {
            throw new IllegalArgumentException("Iterations: " + iterations);
        }
        int keyBits = Integer.parseInt(field(fields, "keyLength"));
        if (keyBits > MOST_KEY_BITS) {
            throw new IllegalArgumentException("Length of the key: " + keyBits);
        }
        String algorithm = field(fields, "cipherAlgorithm");
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                key(
                        secret,
                        field(fields, "keyFactoryAlgorithm"),
                        decoded(fields, "salt"),
                        iterations,
                        keyBits,
                        algorithm),
                vector(algorithm, decoded(fields, "initializationVector")));
        String text = new String(cipher.doFinal(decoded(fields, "encryptedPassword")), StandardCharsets.UTF_8);
        if (text.length() != Integer.parseInt(field(fields, "passwordLength"))) {
            throw new IllegalArgumentException("Length");
        }
        return text;
    }

    private static SecretKeySpec key(
            String secret, String factory, byte[] salt, int iterations, int keyBits, String algorithm)
            throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, iterations, keyBits);
        byte[] key = SecretKeyFactory.getInstance(factory).generateSecret(spec).getEncoded();
        int slash = algorithm.indexOf('/');
        return new SecretKeySpec(key, slash < 0 ? algorithm : algorithm.substring(0, slash));
    }

    private static AlgorithmParameterSpec vector(String algorithm, byte[] vector) {
        return isGcm(algorithm) ? new GCMParameterSpec(TAG_BITS, vector) : new IvParameterSpec(vector);
    }

    private static boolean isGcm(String algorithm) {
        return algorithm.contains("/GCM/");
    }

    private static byte[] bytes(int count, Randoms randoms) {
        ByteBuffer bytes = ByteBuffer.allocate((count + 7) / 8 * 8);
        while (bytes.hasRemaining()) {
            bytes.putLong(randoms.nextLong());
        }
        return Arrays.copyOf(bytes.array(), count);
    }

    private static Map<String, String> fields(String encrypted) {
        Map<String, String> fields = new TreeMap<>();
        for (String field : encrypted.split(",")) {
            int colon = field.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("it is not encrypted");
            }
            fields.put(
                    field.substring(0, colon).trim(), field.substring(colon + 1).trim());
        }
        return fields;
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("No " + name);
        }
        return value;
    }

    private static byte[] decoded(Map<String, String> fields, String name) {
        return Base64.getDecoder().decode(field(fields, name));
    }

    /** Not the configuration. */
    @Override
    public String toString() {
        return "SecretText";
    }
}
