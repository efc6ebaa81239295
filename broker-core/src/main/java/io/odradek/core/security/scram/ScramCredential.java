package io.odradek.core.security.scram;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.storage.env.Randoms;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * What a server keeps of a password: whoever has it can pretend to be the server, not the user. Its text is that of Kafka:
 * {@code salt=…,stored_key=…,server_key=…,iterations=N}, in Base64.
 *
 * @param salt what the password was salted with
 * @param storedKey the hash of the client's key
 * @param serverKey the server's key
 * @param iterations how often was hashed
 */
public record ScramCredential(byte[] salt, byte[] storedKey, byte[] serverKey, int iterations) {
    private static final byte[] CLIENT_KEY = "Client Key".getBytes(US_ASCII);
    private static final byte[] SERVER_KEY = "Server Key".getBytes(US_ASCII);
    private static final int SALT_BYTES = 17;
    private static final int SALT_MASK = 3;

    /** {@return that of a salted password, as clients make it for AlterUserScramCredentials} */
    public static ScramCredential ofSalted(ScramMechanism mechanism, byte[] salted, byte[] salt, int iterations) {
        return new ScramCredential(
                salt, mechanism.hash(clientKey(mechanism, salted)), mechanism.hmac(salted, SERVER_KEY), iterations);
    }

    /** {@return that of a password, with a salt of its own} */
    public static ScramCredential ofPassword(
            ScramMechanism mechanism, String password, int iterations, Randoms randoms) {
        byte[] bits = new byte[SALT_BYTES];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) randoms.nextLong();
        }
        return ofPassword(mechanism, password, salt(bits), iterations);
    }

    /** {@return that of a password, with a salt that is given} */
    public static ScramCredential ofPassword(ScramMechanism mechanism, String password, byte[] salt, int iterations) {
        return ofSalted(mechanism, mechanism.salted(password.getBytes(UTF_8), salt, iterations), salt, iterations);
    }

    /** {@return a salt as Kafka's clients make them: 130 bits, in the digits of base 36} @param bits the first 17 bytes are taken */
    static byte[] salt(byte[] bits) {
        byte[] taken = Arrays.copyOf(bits, SALT_BYTES);
        taken[0] &= SALT_MASK;
        return new BigInteger(1, taken).toString(Character.MAX_RADIX).getBytes(US_ASCII);
    }

    static byte[] clientKey(ScramMechanism mechanism, byte[] salted) {
        return mechanism.hmac(salted, CLIENT_KEY);
    }

    static byte[] serverKey(ScramMechanism mechanism, byte[] salted) {
        return mechanism.hmac(salted, SERVER_KEY);
    }

    /** {@return its text, which is a secret} */
    public String encode() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "salt=" + base64.encodeToString(salt) + ",stored_key=" + base64.encodeToString(storedKey)
                + ",server_key=" + base64.encodeToString(serverKey) + ",iterations=" + iterations;
    }

    /**
     * {@return what a text says}
     *
     * @throws IllegalArgumentException if it says nothing of the kind; without the text, which is a secret
     */
    public static ScramCredential decode(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("A SCRAM credential has a part without '='");
            }
            fields.put(field.substring(0, equals), field.substring(equals + 1));
        }
        try {
            return new ScramCredential(
                    bytes(fields, "salt"),
                    bytes(fields, "stored_key"),
                    bytes(fields, "server_key"),
                    Integer.parseInt(fields.getOrDefault("iterations", "")));
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("A SCRAM credential has no number of iterations");
        }
    }

    private static byte[] bytes(Map<String, String> fields, String name) {
        String text = fields.get(name);
        byte[] bytes = null;
        try {
            bytes = text == null ? null : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            // Said below, without the text.
        }
        if (bytes == null || bytes.length == 0) {
            throw new IllegalArgumentException("A SCRAM credential has no " + name + " in Base64");
        }
        return bytes;
    }

    /** Nothing of the secret. */
    @Override
    public String toString() {
        return "ScramCredential of " + iterations + " iterations";
    }
}
