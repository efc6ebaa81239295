package io.odradek.core.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.security.sasl.SaslClientExchange;
import io.odradek.core.security.sasl.SaslRefusedException;
import io.odradek.core.security.scram.ScramAttributes.Malformed;
import io.odradek.storage.env.Randoms;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * SCRAM as this broker logs in with another (RFC 5802). It believes the other only once that has proved that it knows the
 * password's credential.
 */
public final class ScramClientExchange implements SaslClientExchange {
    /** A server that asked for more would have this broker reckon for a second and longer. */
    private static final int MOST_ITERATIONS = 1_000_000;

    private static final String HEADER = "n,,";

    private final ScramMechanism mechanism;
    private final String password;
    private final String firstBare;
    private final String nonce;
    private byte[] expectedSignature;
    private boolean proved;

    /**
     * @param user its name
     * @param password its password
     * @param randoms for the nonce
     */
    public ScramClientExchange(ScramMechanism mechanism, String user, String password, Randoms randoms) {
        this.mechanism = mechanism;
        this.password = password;
        this.nonce = Long.toUnsignedString(randoms.nextLong(), 36) + Long.toUnsignedString(randoms.nextLong(), 36);
        this.firstBare = "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    @Override
    public byte[] first() {
        return (HEADER + firstBare).getBytes(UTF_8);
    }

    @Override
    public byte[] next(byte[] challenge) {
        try {
            if (expectedSignature == null) {
                return prove(challenge);
            }
            believe(challenge);
            return null;
        } catch (Malformed bad) {
            throw new SaslRefusedException("the server sent " + bad.getMessage());
        }
    }

    private byte[] prove(byte[] challenge) throws Malformed {
        ScramAttributes message = new ScramAttributes(challenge);
        String both = message.next("r");
        byte[] salt = message.nextBytes("s");
        int iterations = number(message.next("i"));
        if (!both.startsWith(nonce) || both.length() == nonce.length()) {
            throw new Malformed("a nonce that is not made of this broker's");
        }
        if (iterations < ScramMechanism.LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
            throw new Malformed("a challenge of " + iterations + " iterations");
        }
        byte[] salted = mechanism.salted(password.getBytes(UTF_8), salt, iterations);
        byte[] clientKey = ScramCredential.clientKey(mechanism, salted);
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(HEADER.getBytes(UTF_8)) + ",r=" + both;
        byte[] signed = (firstBare + "," + new String(challenge, UTF_8) + "," + withoutProof).getBytes(UTF_8);
        byte[] proof = ScramMechanism.xor(clientKey.clone(), mechanism.hmac(mechanism.hash(clientKey), signed));
        expectedSignature = mechanism.hmac(ScramCredential.serverKey(mechanism, salted), signed);
        return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof)).getBytes(UTF_8);
    }

    private void believe(byte[] last) throws Malformed {
        ScramAttributes message = new ScramAttributes(last);
        if (proved || !MessageDigest.isEqual(message.nextBytes("v"), expectedSignature)) {
            throw new Malformed("no proof that it knows the password");
        }
        proved = true;
    }

    private static int number(String text) throws Malformed {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw new Malformed("iterations that are no number");
        }
    }
}
