package io.odradek.core.request.security;

import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.request.Deadline;
import io.odradek.core.request.RequestHandler;
import io.odradek.core.security.scram.ScramCredential;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.AlterUserScramCredentialsRequest;
import io.odradek.protocol.api.AlterUserScramCredentialsRequest.ScramCredentialDeletion;
import io.odradek.protocol.api.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import io.odradek.protocol.api.AlterUserScramCredentialsResponse;
import io.odradek.protocol.api.AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * AlterUserScramCredentials 0: deletes credentials, and stores others, all of a user or none. It is answered when they hold at this
 * broker; the others hear of it at once.
 *
 * <p>Errors of a user: UNACCEPTABLE_CREDENTIAL, UNSUPPORTED_SASL_MECHANISM, DUPLICATE_RESOURCE for a mechanism that is named
 * twice, RESOURCE_NOT_FOUND for a credential to be deleted that there is not, REQUEST_TIMED_OUT, POLICY_VIOLATION,
 * KAFKA_STORAGE_ERROR.
 */
public final class AlterUserScramCredentialsHandler implements RequestHandler<AlterUserScramCredentialsRequest> {
    private static final int MOST_ITERATIONS = 16_384;
    private static final long WAIT_MS = 30_000;

    private final ClientConfigs clients;
    private final EventLoop loop;

    /** @param loop where waiting requests live */
    public AlterUserScramCredentialsHandler(ClientConfigs clients, EventLoop loop) {
        this.clients = clients;
        this.loop = loop;
    }

    /** What is wanted of a user. */
    private static final class Wanted {
        private final Map<ScramMechanism, String> stored = new TreeMap<>();
        private final Set<ScramMechanism> deleted = new HashSet<>();
        private ApiException refusal;

        void refuse(ErrorCode error, String message) {
            if (refusal == null) {
                refusal = new ApiException(error, message);
            }
        }
    }

    @Override
    public void handle(AlterUserScramCredentialsRequest request, RequestContext context) {
        Map<String, Wanted> users = new LinkedHashMap<>();
        for (ScramCredentialUpsertion upsertion : request.upsertions()) {
            take(upsertion, users.computeIfAbsent(upsertion.name(), name -> new Wanted()));
        }
        for (ScramCredentialDeletion deletion : request.deletions()) {
            take(deletion, users.computeIfAbsent(deletion.name(), name -> new Wanted()));
        }
        Map<String, AlterUserScramCredentialsResult> results = new ConcurrentHashMap<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        users.forEach((user, wanted) -> all.add(alter(user, wanted)
                .thenAccept(result -> results.put(user, result))
                .toCompletableFuture()));
        CompletionStage<Void> done = CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
        Deadline.await(context, loop, WAIT_MS, done, (nothing, error) -> {
            List<AlterUserScramCredentialsResult> answered = new ArrayList<>();
            for (String user : users.keySet()) {
                AlterUserScramCredentialsResult result = results.get(user);
                answered.add(
                        result != null
                                ? result
                                : new AlterUserScramCredentialsResult(user, ErrorCode.REQUEST_TIMED_OUT, null));
            }
            context.respond(new AlterUserScramCredentialsResponse(answered));
        });
    }

    private static void take(ScramCredentialUpsertion upsertion, Wanted wanted) {
        ScramMechanism mechanism = mechanism(upsertion.name(), upsertion.mechanism(), wanted);
        if (mechanism == null) {
            return;
        }
        if (!upsertion.saltedPassword().hasRemaining() || !upsertion.salt().hasRemaining()) {
            wanted.refuse(ErrorCode.UNACCEPTABLE_CREDENTIAL, "Password must not be empty");
        } else if (upsertion.iterations() < ScramMechanism.LEAST_ITERATIONS) {
            wanted.refuse(ErrorCode.UNACCEPTABLE_CREDENTIAL, "Too few iterations");
        } else if (upsertion.iterations() > MOST_ITERATIONS) {
            wanted.refuse(ErrorCode.UNACCEPTABLE_CREDENTIAL, "Too many iterations");
        } else {
            ScramCredential credential = ScramCredential.ofSalted(
                    mechanism, bytes(upsertion.saltedPassword()), bytes(upsertion.salt()), upsertion.iterations());
            if (wanted.stored.put(mechanism, credential.encode()) != null) {
                refuseTwice(wanted);
            }
        }
    }

    private static void take(ScramCredentialDeletion deletion, Wanted wanted) {
        ScramMechanism mechanism = mechanism(deletion.name(), deletion.mechanism(), wanted);
        if (mechanism != null && (!wanted.deleted.add(mechanism) || wanted.stored.containsKey(mechanism))) {
            refuseTwice(wanted);
        }
    }

    private static ScramMechanism mechanism(String user, byte type, Wanted wanted) {
        ScramMechanism mechanism = ScramMechanism.of(type);
        if (user.isEmpty()) {
            wanted.refuse(ErrorCode.UNACCEPTABLE_CREDENTIAL, "Username must not be empty");
        } else if (mechanism == null) {
            wanted.refuse(ErrorCode.UNSUPPORTED_SASL_MECHANISM, "Unknown SCRAM mechanism");
        }
        return mechanism;
    }

    private static void refuseTwice(Wanted wanted) {
        wanted.refuse(ErrorCode.DUPLICATE_RESOURCE, "A user credential cannot be altered twice in the same request");
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private CompletionStage<AlterUserScramCredentialsResult> alter(String user, Wanted wanted) {
        CompletionStage<Void> done = wanted.refusal != null
                ? CompletableFuture.failedStage(wanted.refusal)
                : clients.alter(ClientEntity.ofUser(user), before -> after(before, wanted), false);
        return done.handle((stored, error) -> {
            if (error == null) {
                return new AlterUserScramCredentialsResult(user, ErrorCode.NONE, null);
            }
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            return cause instanceof ApiException refusal
                    ? new AlterUserScramCredentialsResult(user, refusal.error(), refusal.getMessage())
                    : new AlterUserScramCredentialsResult(user, ErrorCode.UNKNOWN_SERVER_ERROR, null);
        });
    }

    private static SortedMap<String, String> after(SortedMap<String, String> before, Wanted wanted) {
        SortedMap<String, String> after = new TreeMap<>(before);
        for (ScramMechanism mechanism : wanted.deleted) {
            if (after.remove(mechanism.mechanismName()) == null) {
                throw new ApiException(
                        ErrorCode.RESOURCE_NOT_FOUND, "Attempt to delete a user credential that does not exist");
            }
        }
        wanted.stored.forEach((mechanism, text) -> after.put(mechanism.mechanismName(), text));
        return after;
    }
}
