package io.odradek.core.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.security.sasl.SaslStep.Login;
import io.odradek.core.security.scram.ScramExchange.Found;
import io.odradek.storage.env.Randoms;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users with credentials of SCRAM in the tree ({@code /config/users}), as they are now, and those who come with a token.
 * Read by any thread.
 */
public final class ScramUsers implements ClientConfigs.Room {
    private static final Logger LOG = LoggerFactory.getLogger(ScramUsers.class);

    private final Map<ScramMechanism, Map<String, ScramCredential>> credentials = new EnumMap<>(ScramMechanism.class);
    private final byte[] secret = new byte[2 * Long.BYTES];
    /** The most of any user: those that there are not are told it. */
    private volatile int iterations = ScramMechanism.LEAST_ITERATIONS;

    private volatile ScramTokens tokens;

    /** @param randoms for what users that there are not are challenged with */
    public ScramUsers(Randoms randoms) {
        ByteBuffer.wrap(secret).putLong(randoms.nextLong()).putLong(randoms.nextLong());
        for (ScramMechanism mechanism : ScramMechanism.values()) {
            credentials.put(mechanism, new ConcurrentHashMap<>());
        }
    }

    /** Says who knows the delegation tokens, before anybody logs in. */
    public void tokens(ScramTokens known) {
        tokens = known;
    }

    @Override
    public void changed(ClientEntity entity, SortedMap<String, String> settings) {
        if (entity.user() == null || entity.clientId() != null || entity.user().equals(ClientEntity.DEFAULT)) {
            return;
        }
        credentials.forEach((mechanism, ofUsers) -> {
            String text = settings.get(mechanism.mechanismName());
            if (text == null) {
                ofUsers.remove(entity.user());
                return;
            }
            try {
                ScramCredential credential = ScramCredential.decode(text);
                ofUsers.put(entity.user(), credential);
                iterations = Math.max(iterations, credential.iterations());
            } catch (IllegalArgumentException unusable) {
                ofUsers.remove(entity.user());
                LOG.error(
                        "The credential of {} at {} below /config cannot be used, and lets nobody in: {}",
                        mechanism.mechanismName(),
                        entity.path(),
                        unusable.getMessage());
            }
        });
    }

    /** {@return those who can log in by one mechanism} */
    public ScramExchange.Users of(ScramMechanism mechanism) {
        Map<String, ScramCredential> ofUsers = credentials.get(mechanism);
        return new ScramExchange.Users() {
            @Override
            public Found find(String name, boolean token) {
                if (token) {
                    return tokens == null ? null : tokens.find(mechanism, name);
                }
                ScramCredential credential = ofUsers.get(name);
                return credential == null ? null : new Found(credential, Login.of(name));
            }

            @Override
            public byte[] decoy(String name) {
                return mechanism.hmac(secret, name.getBytes(UTF_8));
            }

            @Override
            public int iterations(boolean token) {
                return token ? ScramMechanism.LEAST_ITERATIONS : iterations;
            }
        };
    }
}
