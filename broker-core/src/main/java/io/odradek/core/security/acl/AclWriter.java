package io.odradek.core.security.acl;

import io.odradek.core.coordination.AclPaths;
import io.odradek.core.coordination.CoordinationErrors;
import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import io.odradek.core.coordination.node.AclChangeNode;
import io.odradek.core.coordination.node.AclNode;
import io.odradek.core.coordination.node.AclNode.Acl;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Changes entries in the tree, as any broker of Apache Kafka 3.9's ZooKeeper mode does: all of one pattern in its node, and a
 * notice for all brokers. Both are written at once, and only if nobody else has changed them in between. Entries that
 * this broker cannot read stay as they are.
 */
final class AclWriter {
    /** Each loss of the race is another change that was stored, so only a storm of changes makes one give up. */
    private static final int MAX_ATTEMPTS = 100;

    private final CoordinationStore store;
    private final EventLoop loop;
    private final AclTree tree;

    /**
     * @param store this broker's session with the tree
     * @param loop the loop that it was opened with
     * @param tree takes over what has changed
     */
    AclWriter(CoordinationStore store, EventLoop loop, AclTree tree) {
        this.store = store;
        this.loop = loop;
        this.tree = tree;
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * Changes the entries of one pattern, on the loop.
     *
     * @param next makes the next entries of those that are stored
     * @return completes when the change is stored and holds here; fails with an {@link ApiException}: POLICY_VIOLATION if they
     *     are too many to be stored, REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR if they cannot be read or written
     */
    CompletionStage<Void> alter(ResourcePattern pattern, UnaryOperator<List<Acl>> next) {
        return attempt(pattern, next, 1)
                .exceptionallyCompose(error -> CompletableFuture.failedStage(refusal(pattern, error)));
    }

    private CompletionStage<Void> attempt(ResourcePattern pattern, UnaryOperator<List<Acl>> next, int attempt) {
        return current(StoredAcls.path(pattern)).thenCompose(node -> {
            List<Acl> before = decode(pattern, node.data());
            List<Acl> after = next.apply(before);
            return after.equals(before)
                    ? CompletableFuture.completedStage(null)
                    : write(pattern, node.version(), after)
                            .thenCompose(done -> tree.changed(new TreeSet<>(List.of(pattern))))
                            .exceptionallyCompose(error -> attempt < MAX_ATTEMPTS && lostRace(error)
                                    ? tree.makeFolders().thenCompose(made -> attempt(pattern, next, attempt + 1))
                                    : CompletableFuture.failedStage(error));
        });
    }

    /** {@return the node, or an empty one without version if there is none} */
    private CompletionStage<Node> current(String path) {
        return store.get(path)
                .exceptionallyCompose(error -> CoordinationException.is(error, Reason.NO_NODE)
                        ? CompletableFuture.completedStage(
                                new Node(new byte[0], CoordinationStore.ANY_VERSION, false, false, 0, 0))
                        : CompletableFuture.failedStage(error));
    }

    private static List<Acl> decode(ResourcePattern pattern, byte[] data) {
        try {
            return AclNode.decode(data).acls();
        } catch (IllegalArgumentException unreadable) {
            throw new ApiException(
                    ErrorCode.KAFKA_STORAGE_ERROR,
                    "The entries in " + StoredAcls.path(pattern) + " cannot be read (" + unreadable.getMessage()
                            + "), so that they cannot be changed: mend or delete that node of the cluster's tree");
        }
    }

    private CompletionStage<Void> write(ResourcePattern pattern, int version, List<Acl> acls) {
        String path = StoredAcls.path(pattern);
        List<Operation> operations = new ArrayList<>(2);
        if (acls.isEmpty()) {
            operations.add(new Operation.Delete(path, version));
        } else {
            byte[] data = new AclNode(acls).encode();
            operations.add(
                    version == CoordinationStore.ANY_VERSION
                            ? new Operation.Create(path, data, CreateMode.PERSISTENT)
                            : new Operation.Set(path, data, version));
        }
        AclChangeNode notice = new AclChangeNode(
                pattern.type().name(), pattern.name(), pattern.pattern().name());
        String parent = pattern.pattern() == PatternType.LITERAL ? AclPaths.LITERAL_CHANGES : AclPaths.EXTENDED_CHANGES;
        operations.add(new Operation.Create(
                parent + "/" + AclPaths.CHANGE_PREFIX, notice.encode(), CreateMode.PERSISTENT_SEQUENTIAL));
        return store.multi(operations);
    }

    private static boolean lostRace(Throwable error) {
        return CoordinationException.is(error, Reason.BAD_VERSION)
                || CoordinationException.is(error, Reason.NODE_EXISTS)
                || CoordinationException.is(error, Reason.NO_NODE);
    }

    private static ApiException refusal(ResourcePattern pattern, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof ApiException refusal) {
            return refusal;
        }
        return lostRace(cause)
                ? new ApiException(ErrorCode.REQUEST_TIMED_OUT, "The entries for " + pattern + " change all the time")
                : new ApiException(CoordinationErrors.code(cause), CoordinationErrors.message(cause));
    }
}
