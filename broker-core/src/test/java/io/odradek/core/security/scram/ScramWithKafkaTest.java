package io.odradek.core.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.security.sasl.SaslRefusedException;
import io.odradek.core.security.sasl.SaslStep;
import io.odradek.core.security.sasl.SaslStep.Accepted;
import io.odradek.core.security.sasl.SaslStep.Challenge;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.sasl.SaslStep.Refused;
import io.odradek.storage.env.Randoms;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;
import org.apache.kafka.common.security.scram.internals.ScramCredentialUtils;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramSaslClient;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends of SCRAM against those of kafka-clients. */
class ScramWithKafkaTest {
    private final Random chance = new Random(42);
    private final Randoms randoms = new Randoms() {
        @Override
        public long nextLong() {
            return chance.nextLong();
        }

        @Override
        public int nextInt(int bound) {
            return chance.nextInt(bound);
        }
    };

    private static org.apache.kafka.common.security.scram.internals.ScramMechanism kafkas(ScramMechanism mechanism) {
        return org.apache.kafka.common.security.scram.internals.ScramMechanism.forMechanismName(
                mechanism.mechanismName());
    }

    private static org.apache.kafka.common.security.scram.ScramCredential kafkasCredential(
            ScramMechanism mechanism, String password) throws Exception {
        return new ScramFormatter(kafkas(mechanism)).generateCredential(password, 4096);
    }

    /** Users of this broker, with credentials that Kafka has made. */
    private ScramExchange server(ScramMechanism mechanism, Map<String, String> passwords) throws Exception {
        Map<String, ScramCredential> credentials = new TreeMap<>();
        for (Map.Entry<String, String> user : passwords.entrySet()) {
            credentials.put(
                    user.getKey(),
                    ScramCredential.decode(
                            ScramCredentialUtils.credentialToString(kafkasCredential(mechanism, user.getValue()))));
        }
        return new ScramExchange(
                mechanism,
                new ScramExchange.Users() {
                    @Override
                    public ScramExchange.Found find(String name, boolean token) {
                        ScramCredential credential = credentials.get(name);
                        return credential == null
                                ? null
                                : new ScramExchange.Found(credential, new Login(name, token, Long.MAX_VALUE));
                    }

                    @Override
                    public byte[] decoy(String name) {
                        return ("secret" + name).getBytes(UTF_8);
                    }

                    @Override
                    public int iterations(boolean token) {
                        return 4096;
                    }
                },
                randoms);
    }

    private static ScramSaslClient kafkasClient(
            ScramMechanism mechanism, String user, String password, Map<String, String> extensions) throws Exception {
        CallbackHandler handler = callbacks -> {
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    name.setName(user);
                } else if (callback instanceof PasswordCallback secret) {
                    secret.setPassword(password.toCharArray());
                } else if (callback instanceof ScramExtensionsCallback more) {
                    more.extensions(extensions);
                }
            }
        };
        return new ScramSaslClient(kafkas(mechanism), handler);
    }

    private static SaslStep step(ScramExchange server, byte[] token) {
        return server.next(token).toCompletableFuture().join();
    }

    private static byte[] challenge(ScramExchange server, byte[] token) {
        return ((Challenge) step(server, token)).token();
    }

    @ParameterizedTest
    @EnumSource(ScramMechanism.class)
    void aClientOfKafkaLogsInHere(ScramMechanism mechanism) throws Exception {
        String user = "Jörg, =2C the = first";
        ScramExchange server = server(mechanism, Map.of(user, "pass, w=ord"));
        ScramSaslClient client = kafkasClient(mechanism, user, "pass, w=ord", Map.of());

        byte[] proof = client.evaluateChallenge(challenge(server, client.evaluateChallenge(new byte[0])));
        Accepted accepted = (Accepted) step(server, proof);
        client.evaluateChallenge(accepted.token());

        assertThat(client.isComplete()).isTrue();
        assertThat(accepted.login()).isEqualTo(Login.of(user));
    }

    @Test
    void aDelegationTokenSaysThatItIsOne() throws Exception {
        ScramExchange server = server(ScramMechanism.SHA_256, Map.of("id", "hmac"));
        ScramSaslClient client = kafkasClient(ScramMechanism.SHA_256, "id", "hmac", Map.of("tokenauth", "true"));

        byte[] proof = client.evaluateChallenge(challenge(server, client.evaluateChallenge(new byte[0])));

        assertThat(((Accepted) step(server, proof)).login().byToken()).isTrue();
    }

    @Test
    void aWrongPasswordAndAnUnknownUserCannotBeToldApart() throws Exception {
        for (String user : new String[] {"alice", "nobody"}) {
            ScramExchange server = server(ScramMechanism.SHA_256, Map.of("alice", "right"));
            ScramSaslClient client = kafkasClient(ScramMechanism.SHA_256, user, "wrong", Map.of());

            byte[] asked = challenge(server, client.evaluateChallenge(new byte[0]));
            Refused refused = (Refused) step(server, client.evaluateChallenge(asked));

            assertThat(refused.message()).isNull();
            assertThat(new String(asked, UTF_8)).endsWith(",i=4096");
            byte[] salt = Base64.getDecoder().decode(new String(asked, UTF_8).split(",")[1].substring(2));
            assertThat(new String(salt, UTF_8)).as(user).matches("[0-9a-z]{20,26}");
            assertThat(step(server, new byte[0])).isInstanceOf(Refused.class);
        }
        String one = salt("nobody");
        assertThat(salt("nobody")).isEqualTo(one).isNotEqualTo(salt("somebody"));
    }

    private String salt(String user) throws Exception {
        byte[] asked = challenge(server(ScramMechanism.SHA_512, Map.of()), ("n,,n=" + user + ",r=x").getBytes(UTF_8));
        return new String(asked, UTF_8).split(",")[1];
    }

    @ParameterizedTest
    @EnumSource(ScramMechanism.class)
    void thisBrokerLogsInWithKafka(ScramMechanism mechanism) throws Exception {
        ScramSaslServer server = kafkasServer(mechanism, "broker,1", "secret");
        ScramClientExchange client = new ScramClientExchange(mechanism, "broker,1", "secret", randoms);

        byte[] proof = client.next(server.evaluateResponse(client.first()));
        byte[] last = server.evaluateResponse(proof);

        assertThat(client.next(last)).isNull();
        assertThat(server.isComplete()).isTrue();
        assertThat(server.getAuthorizationID()).isEqualTo("broker,1");
    }

    @Test
    void aServerThatDoesNotKnowThePasswordIsNotBelieved() throws Exception {
        ScramSaslServer server = kafkasServer(ScramMechanism.SHA_256, "broker", "secret");
        ScramClientExchange client = new ScramClientExchange(ScramMechanism.SHA_256, "broker", "secret", randoms);
        client.next(server.evaluateResponse(client.first()));

        assertThatThrownBy(() -> client.next("v=AAAA".getBytes(UTF_8)))
                .isInstanceOf(SaslRefusedException.class)
                .hasMessage("the server sent no proof that it knows the password");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "r=other,s=QUJD,i=4096; a nonce that is not made of this broker's",
                "r=%s,s=QUJD,i=4096; a nonce that is not made of this broker's",
                "r=%sx,s=QUJD,i=4095; a challenge of 4095 iterations",
                "r=%sx,s=QUJD,i=1000001; a challenge of 1000001 iterations",
                "r=%sx,s=QUJD,i=many; iterations that are no number",
                "r=%sx,s=***,i=4096; a message with s that is not in Base64",
                "r=%sx,i=4096; a message without s in its place",
                "e=unknown-user; a message without r in its place",
            })
    void aServerThatAsksForTooMuchOrTooLittleIsLeft(String challenge, String why) {
        ScramClientExchange client = new ScramClientExchange(ScramMechanism.SHA_256, "broker", "secret", randoms);
        String nonce = new String(client.first(), UTF_8).split("r=")[1];

        assertThatThrownBy(() -> client.next(challenge.replace("%s", nonce).getBytes(UTF_8)))
                .isInstanceOf(SaslRefusedException.class)
                .hasMessage("the server sent " + why);
    }

    private static ScramSaslServer kafkasServer(ScramMechanism mechanism, String user, String password)
            throws Exception {
        org.apache.kafka.common.security.scram.ScramCredential credential = kafkasCredential(mechanism, password);
        CallbackHandler handler = callbacks -> {
            String name = null;
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback asked) {
                    name = asked.getDefaultName();
                } else if (callback instanceof ScramCredentialCallback wanted && user.equals(name)) {
                    wanted.scramCredential(credential);
                }
            }
        };
        return new ScramSaslServer(kafkas(mechanism), Map.of(), handler);
    }

    @Test
    void aCredentialIsWrittenAsKafkaReadsIt() throws Exception {
        byte[] salt = {1, 2, 3};
        byte[] salted = ScramMechanism.SHA_512.salted("secret".getBytes(UTF_8), salt, 5000);
        ScramCredential credential = ScramCredential.ofSalted(ScramMechanism.SHA_512, salted, salt, 5000);

        org.apache.kafka.common.security.scram.ScramCredential read =
                ScramCredentialUtils.credentialFromString(credential.encode());

        ScramFormatter formatter = new ScramFormatter(kafkas(ScramMechanism.SHA_512));
        assertThat(salted).isEqualTo(formatter.saltedPassword("secret", salt, 5000));
        assertThat(read.storedKey()).isEqualTo(formatter.storedKey(formatter.clientKey(salted)));
        assertThat(read.serverKey()).isEqualTo(formatter.serverKey(salted));
        assertThat(read.iterations()).isEqualTo(5000);
        assertThat(ScramCredentialUtils.credentialToString(read).split(","))
                .containsExactlyInAnyOrder(credential.encode().split(","));
        assertThat(credential.toString()).doesNotContain("=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "p=tls-unique,,n=u,r=x; asks for channel binding",
                "n,,r=x; without n in its place",
                "n,,n=u; ends too soon",
                "n,,n=,r=x; without a name",
                "n,,n=u,r=; without a nonce",
                "n,,m=ext,n=u,r=x; without n in its place",
                "n,,n=a=b,r=x; equals sign that stands for nothing",
                "n; ends too soon",
                "''; asks for channel binding",
            })
    void aFirstMessageThatIsNoneIsRefused(String message, String why) throws Exception {
        ScramExchange server = server(ScramMechanism.SHA_256, Map.of("u", "p"));

        Refused refused = (Refused) step(server, message.getBytes(UTF_8));

        assertThat(refused.reason()).contains(why);
        assertThat(refused.message()).isNull();
    }

    @Test
    void whoWantsToActAsSomebodyElseIsRefusedInKafkasWords() throws Exception {
        ScramExchange server = server(ScramMechanism.SHA_256, Map.of("u", "p"));
        assertThat(((Refused) step(server, "n,a=root,n=u,r=x".getBytes(UTF_8))).message())
                .isEqualTo(
                        "Authentication failed: Client requested an authorization id that is different from username");
        ScramExchange another = server(ScramMechanism.SHA_256, Map.of("u", "p"));
        assertThat(step(another, "n,a=u,n=u,r=x".getBytes(UTF_8))).isInstanceOf(Challenge.class);
    }

    @Test
    void whatWasHeardOfAnotherLoginIsOfNoUse() throws Exception {
        ScramExchange first = server(ScramMechanism.SHA_256, Map.of("u", "p"));
        ScramSaslClient client = kafkasClient(ScramMechanism.SHA_256, "u", "p", Map.of());
        byte[] hello = client.evaluateChallenge(new byte[0]);
        byte[] proof = client.evaluateChallenge(challenge(first, hello));
        assertThat(step(first, proof)).isInstanceOf(Accepted.class);

        assertThat(step(first, proof)).isInstanceOf(Refused.class);
        ScramExchange second = server(ScramMechanism.SHA_256, Map.of("u", "p"));
        challenge(second, hello);
        assertThat(((Refused) step(second, proof)).reason()).contains("another nonce");
    }

    /** As librdkafka before 2.6.1 does: Kafka 3.9 takes it, Kafka 4 does not. */
    @ParameterizedTest
    @EnumSource(ScramMechanism.class)
    void whoSaysItsNonceTwiceIsLetInButNotWithoutThatOfTheServer(ScramMechanism mechanism) throws Exception {
        byte[] hello = "n,,n=u,r=mine".getBytes(UTF_8);
        ScramExchange server = server(mechanism, Map.of("u", "p"));

        assertThat(step(server, proof(mechanism, "p", challenge(server, hello), "mine")))
                .isInstanceOf(Accepted.class);

        ScramExchange another = server(mechanism, Map.of("u", "p"));
        challenge(another, hello);
        byte[] old = proof(mechanism, "p", "r=mineold,s=QUJD,i=4096".getBytes(UTF_8), "mine");
        assertThat(((Refused) step(another, old)).reason()).contains("another nonce");
    }

    private static byte[] proof(ScramMechanism mechanism, String password, byte[] challenge, String nonceBefore) {
        String asked = new String(challenge, UTF_8);
        String[] parts = asked.split(",");
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        byte[] salted = mechanism.salted(password.getBytes(UTF_8), salt, Integer.parseInt(parts[2].substring(2)));
        byte[] clientKey = ScramCredential.clientKey(mechanism, salted);
        String withoutProof = "c=biws,r=" + nonceBefore + parts[0].substring(2);
        String signed = "n=u,r=mine," + asked + "," + withoutProof;
        byte[] signature = mechanism.hmac(mechanism.hash(clientKey), signed.getBytes(UTF_8));
        byte[] proof = ScramMechanism.xor(clientKey.clone(), signature);
        return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof)).getBytes(UTF_8);
    }

    @Test
    void tokensOfAnySizeAndContentAreRefusedAndNothingElse() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            ScramExchange server = server(ScramMechanism.SHA_256, Map.of());
            byte[] token = new byte[random.nextInt(200)];
            random.nextBytes(token);
            if (random.nextBoolean()) {
                byte[] start = "n,,n=u,r=abc,tokenauth=true".getBytes(UTF_8);
                System.arraycopy(start, 0, token, 0, Math.min(token.length, random.nextInt(start.length)));
            }
            SaslStep step = step(server, token);
            if (step instanceof Challenge) {
                assertThat(step(server, Arrays.copyOf(token, token.length / 2))).isInstanceOf(Refused.class);
            }
        }
        assertThat(step(server(ScramMechanism.SHA_256, Map.of()), new byte[1 << 20]))
                .isInstanceOf(Refused.class);
    }
}
