package io.odradek.core.security.scram;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The two that Kafka has, with what they are reckoned with. */
public enum ScramMechanism {
    /** Type 1 of KIP-554. */
    SHA_256("SCRAM-SHA-256", "SHA-256", "HmacSHA256", 32),
    /** Type 2 of KIP-554. */
    SHA_512("SCRAM-SHA-512", "SHA-512", "HmacSHA512", 64);

    /** Kafka takes no fewer, on either side. */
    public static final int LEAST_ITERATIONS = 4096;

    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private final String mechanismName;
    private final String digest;
    private final String hmac;
    private final int hashBytes;

    ScramMechanism(String mechanismName, String digest, String hmac, int hashBytes) {
        this.mechanismName = mechanismName;
        this.digest = digest;
        this.hmac = hmac;
        this.hashBytes = hashBytes;
    }

    /** {@return the mechanism's name, which is also that of its credential in the tree} */
    public String mechanismName() {
        return mechanismName;
    }

    /** {@return its number in requests (KIP-554)} */
    public byte type() {
        return (byte) (ordinal() + 1);
    }

    /** {@return the length of all its hashes} */
    public int hashBytes() {
        return hashBytes;
    }

    /** {@return the mechanism of a name, null if it is none of these} */
    public static ScramMechanism of(String name) {
        for (ScramMechanism mechanism : values()) {
            if (mechanism.mechanismName.equals(name)) {
                return mechanism;
            }
        }
        return null;
    }

    /** {@return the mechanism of a number, null if it is none of these} */
    public static ScramMechanism of(byte type) {
        return type >= 1 && type <= values().length ? values()[type - 1] : null;
    }

    byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance(digest).digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no " + digest, e);
        }
    }

    byte[] hmac(byte[] key, byte[] bytes) {
        return mac(key).doFinal(bytes);
    }

    private Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(hmac);
            // A key of no bytes is one of zeros, which the JDK's specification of keys does not take.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, hmac));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no " + hmac, e);
        }
    }

    /** {@return the salted password: {@code Hi} of RFC 5802, which takes as long as there are iterations} */
    public byte[] salted(byte[] password, byte[] salt, int iterations) {
        Mac mac = mac(password);
        mac.update(salt);
        byte[] block = mac.doFinal(FIRST_BLOCK);
        byte[] result = block.clone();
        for (int i = 1; i < iterations; i++) {
            block = mac.doFinal(block);
            xor(result, block);
        }
        return result;
    }

    /** {@return one xor the other, in the place of the one} */
    static byte[] xor(byte[] one, byte[] other) {
        for (int i = 0; i < one.length; i++) {
            one[i] ^= other[i];
        }
        return one;
    }
}
