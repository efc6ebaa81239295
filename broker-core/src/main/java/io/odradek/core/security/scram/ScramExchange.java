package io.odradek.core.security.scram;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.security.sasl.SaslExchange;
import io.odradek.core.security.sasl.SaslStep;
import io.odradek.core.security.sasl.SaslStep.Accepted;
import io.odradek.core.security.sasl.SaslStep.Challenge;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.sasl.SaslStep.Refused;
import io.odradek.core.security.scram.ScramAttributes.Malformed;
import io.odradek.storage.env.Randoms;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * SCRAM as the server sees it (RFC 5802), without channel binding: {@code client-first} is answered with a challenge, {@code
 * client-final} proves that the client knows the password, and the last token proves the same of the server. Clients of
 * delegation tokens say {@code tokenauth=true} (KIP-48).
 *
 * <p>States: <em>nothing heard</em> to <em>challenged</em> to <em>over</em>. A user that there is not is challenged as well, with a
 * salt that stays its own while the broker runs, and with as many iterations as others, and refused in the end as a wrong
 * password is: who asks one broker does not find out whom there is. Kafka refuses it at once.
 */
public final class ScramExchange implements SaslExchange {
    private static final int NONCE_BYTES = 18;

    private final ScramMechanism mechanism;
    private final Users users;
    private final Randoms randoms;
    private Challenged challenged;
    private boolean begun;

    /** Knows users and tokens. */
    public interface Users {
        /** {@return what is known of a name, null if there is no such user or token} */
        Found find(String name, boolean token);

        /** {@return bytes that are always the same for a name, and that nobody else can reckon} */
        byte[] decoy(String name);

        /** {@return how often the passwords of users, or of tokens, were hashed} */
        int iterations(boolean token);
    }

    /**
     * A user or a token.
     *
     * @param credential its credential of this mechanism
     * @param login whom it logs in
     */
    public record Found(ScramCredential credential, Login login) {}

    /** What was said until the client has to prove itself; {@code login} is null for one that there is not. */
    private record Challenged(
            String header,
            String nonce,
            String clientFirstBare,
            String serverFirst,
            ScramCredential credential,
            Login login) {}

    /** @param randoms for the server's part of the nonce */
    public ScramExchange(ScramMechanism mechanism, Users users, Randoms randoms) {
        this.mechanism = mechanism;
        this.users = users;
        this.randoms = randoms;
    }

    @Override
    public CompletionStage<SaslStep> next(byte[] token) {
        SaslStep step;
        try {
            if (challenged != null) {
                step = last(token, challenged);
            } else if (begun) {
                step = new Refused(null, "it goes on after its end");
            } else {
                step = first(token);
            }
        } catch (Malformed bad) {
            challenged = null;
            step = new Refused(null, "it sent " + bad.getMessage());
        }
        begun = true;
        return CompletableFuture.completedStage(step);
    }

    private SaslStep first(byte[] token) throws Malformed {
        ScramAttributes message = new ScramAttributes(token);
        String flag = message.next();
        if (!flag.equals("n") && !flag.equals("y")) {
            throw new Malformed("a message that asks for channel binding, which there is not");
        }
        String actingAs = message.next();
        String header = message.taken() + ",";
        int bare = message.position();
        String name = unescaped(message.next("n"));
        String clientNonce = message.next("r");
        if (name.isEmpty() || clientNonce.isEmpty()) {
            throw new Malformed("a message without " + (name.isEmpty() ? "a name" : "a nonce"));
        }
        boolean withToken = false;
        while (message.hasNext()) {
            withToken |= message.next().equalsIgnoreCase("tokenauth=true");
        }
        if (!actingAs.isEmpty()
                && !(actingAs.startsWith("a=")
                        && unescaped(actingAs.substring(2)).equals(name))) {
            return new Refused(
                    "Authentication failed: Client requested an authorization id that is different from username",
                    "it wants to act as somebody else");
        }
        Found found = users.find(name, withToken);
        ScramCredential credential = found == null ? decoy(name, withToken) : found.credential();
        String nonce = clientNonce + nonce();
        String answer = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(credential.salt()) + ",i="
                + credential.iterations();
        challenged = new Challenged(
                header, nonce, message.from(bare), answer, credential, found == null ? null : found.login());
        return new Challenge(answer.getBytes(UTF_8));
    }

    private SaslStep last(byte[] token, Challenged asked) throws Malformed {
        challenged = null;
        ScramAttributes message = new ScramAttributes(token);
        byte[] binding = message.nextBytes("c");
        if (!Arrays.equals(binding, asked.header().getBytes(UTF_8))
                && !Arrays.equals(binding, "n,,".getBytes(US_ASCII))) {
            throw new Malformed("another header than before");
        }
        // librdkafka before 2.6.1 says its own part twice, which Kafka 3.9 takes; what is new in each login is at the
        // end.
        if (!message.next("r").endsWith(asked.nonce())) {
            throw new Malformed("another nonce than that of this login");
        }
        String withoutProof = message.taken();
        String next = message.next();
        while (!next.startsWith("p=")) {
            withoutProof = message.taken();
            next = message.next();
        }
        byte[] proof = bytes(next.substring(2));
        byte[] signed = (asked.clientFirstBare() + "," + asked.serverFirst() + "," + withoutProof).getBytes(UTF_8);
        ScramCredential credential = asked.credential();
        byte[] clientKey = mechanism.hmac(credential.storedKey(), signed);
        boolean right = proof.length == clientKey.length
                && MessageDigest.isEqual(mechanism.hash(ScramMechanism.xor(clientKey, proof)), credential.storedKey());
        if (!right || asked.login() == null) {
            return new Refused(null, asked.login() == null ? "no such user or token" : "wrong password");
        }
        byte[] signature = mechanism.hmac(credential.serverKey(), signed);
        String answer = "v=" + Base64.getEncoder().encodeToString(signature);
        return new Accepted(answer.getBytes(US_ASCII), asked.login());
    }

    private static byte[] bytes(String base64) throws Malformed {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw new Malformed("a proof that is not in Base64");
        }
    }

    /** A salt as users and tokens have them: one of another kind would tell. */
    private ScramCredential decoy(String name, boolean token) {
        byte[] salt = ScramCredential.salt(mechanism.hash(users.decoy(name)));
        return new ScramCredential(
                salt, new byte[mechanism.hashBytes()], new byte[mechanism.hashBytes()], users.iterations(token));
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) randoms.nextLong();
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Commas and equals signs of names are written as {@code =2C} and {@code =3D}; no other equals sign may be there. */
    private static String unescaped(String name) throws Malformed {
        String without = name.replace("=2C", "").replace("=3D", "");
        if (without.indexOf('=') >= 0) {
            throw new Malformed("a name with an equals sign that stands for nothing");
        }
        return name.replace("=2C", ",").replace("=3D", "=");
    }
}
