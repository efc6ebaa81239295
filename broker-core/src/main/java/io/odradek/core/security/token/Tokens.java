package io.odradek.core.security.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.TokenPaths;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.env.Guests;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes tokens, lets them live on and ends them, as any broker of Apache Kafka 3.9's ZooKeeper mode does: a token's node and a
 * notice for all brokers are written at once, and only if nobody else has changed the token in between. May be called from any
 * thread; what fails does so with an {@link ApiException}.
 */
public final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    /** Each loss of the race is another change that was stored, so only a storm of changes makes one give up. */
    private static final int MAX_ATTEMPTS = 100;

    private static final String NOTICE = TokenPaths.CHANGES + "/" + TokenPaths.CHANGE_PREFIX;

    private final CoordinationStore store;
    private final EventLoop loop;
    private final TokenTree tree;
    private final TokenLife life;
    private final TokenLimits limits;
    private final Guests guests;
    /** How many are being made, on the loop: whoever asks for many at once is not to have more than there may be. */
    private int beginning;

    private final FewLines lines;

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param tree takes over what has changed
     * @param guests the time, and chance for identifiers
     */
    public Tokens(
            CoordinationStore store,
            EventLoop loop,
            TokenTree tree,
            TokenLife life,
            TokenLimits limits,
            Guests guests) {
        this.store = store;
        this.loop = loop;
        this.tree = tree;
        this.life = life;
        this.limits = limits;
        this.guests = guests;
        this.lines = new FewLines(LOG, guests.clock());
    }

    /** {@return all tokens, those among them that are over but still there} */
    public Collection<KnownToken> all() {
        return tree.all();
    }

    /**
     * Makes a token.
     *
     * @param wantedMs how long it may live at most; zero or less for as long as is allowed
     * @return the token, once it holds here; POLICY_VIOLATION where there are too many or it is too large
     */
    public CompletionStage<KnownToken> create(String owner, String requester, List<String> renewers, long wantedMs) {
        return onLoop(() -> {
            int there = tree.all().size() + beginning;
            if (there >= limits.most()) {
                throw tooMuch("there are " + there + " of them (" + TokenLimits.MOST + ")");
            }
            String id = guests.randoms().nextUuid().toString();
            DelegationToken token =
                    life.begin(id, owner, requester, renewers, guests.clock().wallMs(), wantedMs);
            Operation.Create created =
                    new Operation.Create(TokenPaths.token(id), StoredToken.encode(token), CreateMode.PERSISTENT);
            if (created.data().length > limits.mostBytes()) {
                throw tooMuch("it takes " + created.data().length + " bytes (" + TokenLimits.MOST_BYTES + ")");
            }
            beginning++;
            return write(created, id)
                    .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                            ? tree.makeFolders().thenCompose(made -> write(created, id))
                            : CompletableFuture.failedStage(error))
                    .whenComplete((done, error) -> beginning--)
                    .thenApply(done -> held(id));
        });
    }

    /** The answer has no room for the reason. */
    private ApiException tooMuch(String why) {
        String line = "A delegation token is not made: " + why;
        lines.warn(line);
        return new ApiException(ErrorCode.POLICY_VIOLATION, line);
    }

    /** It may have been taken away again meanwhile. */
    private KnownToken held(String id) {
        KnownToken known = tree.byId(id);
        if (known == null) {
            throw new ApiException(ErrorCode.DELEGATION_TOKEN_NOT_FOUND, "It is gone again");
        }
        return known;
    }

    /**
     * Lets a token live on.
     *
     * @param periodMs for how long from now; negative for as long as one that is new
     * @return when it ends now; DELEGATION_TOKEN_NOT_FOUND, DELEGATION_TOKEN_OWNER_MISMATCH, DELEGATION_TOKEN_EXPIRED
     */
    public CompletionStage<Long> renew(ByteBuffer secret, String principal, long periodMs) {
        return change(secret, principal, token -> {
            refuseOver(token);
            return life.renewed(token, guests.clock().wallMs(), periodMs);
        });
    }

    /**
     * Has a token end.
     *
     * @param periodMs after how long from now; negative for at once, even if it is over already
     * @return when it ends; DELEGATION_TOKEN_NOT_FOUND, DELEGATION_TOKEN_OWNER_MISMATCH, DELEGATION_TOKEN_EXPIRED
     */
    public CompletionStage<Long> expire(ByteBuffer secret, String principal, long periodMs) {
        return change(secret, principal, token -> {
            if (periodMs < 0) {
                return null;
            }
            refuseOver(token);
            return TokenLife.ending(token, guests.clock().wallMs(), periodMs);
        });
    }

    private void refuseOver(DelegationToken token) {
        if (token.isOver(guests.clock().wallMs())) {
            throw new ApiException(ErrorCode.DELEGATION_TOKEN_EXPIRED, null);
        }
    }

    /** @param next makes the token that it becomes, null for none */
    private CompletionStage<Long> change(
            ByteBuffer secret, String principal, Function<DelegationToken, DelegationToken> next) {
        KnownToken known = tree.bySecret(secret);
        if (known == null) {
            return CompletableFuture.failedStage(new ApiException(ErrorCode.DELEGATION_TOKEN_NOT_FOUND, null));
        }
        return onLoop(() -> attempt(known.token().id(), token -> {
                    if (!token.isRenewedBy(principal)) {
                        throw new ApiException(ErrorCode.DELEGATION_TOKEN_OWNER_MISMATCH, null);
                    }
                    return next.apply(token);
                })
                .thenApply(changed -> changed == null ? guests.clock().wallMs() : changed.expiresMs()));
    }

    /**
     * Deletes a token if it is over, on the loop.
     *
     * @return completes when it is gone here, or found to live on
     */
    CompletionStage<Void> sweep(String id) {
        return attempt(id, token -> token.isOver(guests.clock().wallMs()) ? null : token)
                .<Void>thenApply(done -> null)
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                        ? tree.changed(new TreeSet<>(List.of(id)))
                        : CompletableFuture.failedStage(error));
    }

    private CompletionStage<DelegationToken> attempt(String id, Function<DelegationToken, DelegationToken> next) {
        return attempt(id, next, 1);
    }

    private CompletionStage<DelegationToken> attempt(
            String id, Function<DelegationToken, DelegationToken> next, int attempt) {
        return store.get(TokenPaths.token(id)).thenCompose(node -> {
            DelegationToken before = decode(id, node.data());
            DelegationToken after = next.apply(before);
            if (before.equals(after)) {
                return CompletableFuture.completedStage(after);
            }
            Operation operation = after == null
                    ? new Operation.Delete(TokenPaths.token(id), node.version())
                    : new Operation.Set(TokenPaths.token(id), StoredToken.encode(after), node.version());
            return write(operation, id)
                    .thenApply(done -> after)
                    .exceptionallyCompose(error -> attempt < MAX_ATTEMPTS && lostRace(error)
                            ? tree.makeFolders().thenCompose(made -> attempt(id, next, attempt + 1))
                            : CompletableFuture.failedStage(error));
        });
    }

    private static DelegationToken decode(String id, byte[] data) {
        try {
            return StoredToken.decode(id, data);
        } catch (IllegalArgumentException unreadable) {
            throw new ApiException(
                    ErrorCode.KAFKA_STORAGE_ERROR,
                    TokenPaths.token(id) + " of the cluster's tree cannot be read: " + unreadable.getMessage());
        }
    }

    private CompletionStage<Void> write(Operation operation, String id) {
        Operation notice = new Operation.Create(NOTICE, id.getBytes(UTF_8), CreateMode.PERSISTENT_SEQUENTIAL);
        return store.multi(List.of(operation, notice)).thenCompose(done -> tree.changed(new TreeSet<>(List.of(id))));
    }

    private static boolean lostRace(Throwable error) {
        return CoordinationException.is(error, Reason.BAD_VERSION) || CoordinationException.is(error, Reason.NO_NODE);
    }

    private <T> CompletionStage<T> onLoop(Supplier<CompletionStage<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.post(() -> {
            CompletionStage<T> done;
            try {
                done = work.get();
            } catch (RuntimeException e) {
                result.completeExceptionally(refusal(e));
                return;
            }
            done.whenComplete((value, error) -> {
                if (error == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(refusal(error));
                }
            });
        });
        return result;
    }

    private static ApiException refusal(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof ApiException refusal) {
            return refusal;
        }
        if (CoordinationException.is(cause, Reason.NO_NODE)) {
            return new ApiException(ErrorCode.DELEGATION_TOKEN_NOT_FOUND, null);
        }
        return CoordinationException.is(cause, Reason.BAD_VERSION)
                ? new ApiException(ErrorCode.REQUEST_TIMED_OUT, "The token changes all the time")
                : new ApiException(CoordinationErrors.code(cause), CoordinationErrors.message(cause));
    }
}
