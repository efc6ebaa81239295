package io.odradek.core.coordination;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The cluster's small versioned tree, in ZooKeeper's shape. Paths are absolute, parents exist before children, every node
 * has a data version that starts at 0 and grows by one with each {@code set}. Results arrive on the loop the session was
 * opened with, in the order of the calls. A failed call completes with a {@link CoordinationException}.
 *
 * <p>A store is used through a session; ephemeral nodes vanish with it.
 */
public interface CoordinationStore {
    /** {@return a node's data and version; NO_NODE if there is none} */
    CompletionStage<Node> get(String path);

    /** {@return the names of a node's children, sorted; NO_NODE if there is no such node} */
    CompletionStage<List<String>> children(String path);

    /** Creates a node. {@return the path created, with the sequence number where the mode has one; NODE_EXISTS, NO_NODE (of the parent)} */
    CompletionStage<String> create(String path, byte[] data, CreateMode mode);

    /** Sets a node's data. {@return the new version; NO_NODE, BAD_VERSION} */
    CompletionStage<Integer> set(String path, byte[] data, int expectedVersion);

    /** Deletes a node without children. NO_NODE, BAD_VERSION, NOT_EMPTY. */
    CompletionStage<Void> delete(String path, int expectedVersion);

    /**
     * Applies all operations or none. Fails with the first operation's error that does not hold; with DATA_TOO_LARGE, before
     * anything is sent, where they are larger together than the store takes, which is at least {@link
     * #MAX_TRANSACTION_BYTES}. The same holds for {@link #create} and {@link #set}.
     */
    CompletionStage<Void> multi(List<Operation> operations);

    /**
     * Catches up with the tree: what this session reads after that shows every change that was answered, to anybody, before
     * the call. Without it a read may show the tree as it was some time ago, but never older than what was read before.
     */
    CompletionStage<Void> upToDate();

    /**
     * Watches a node until the session ends: its creation, data, deletion and the list of its children. Level-triggered: a
     * call says "changed, read again", and several changes may be one call.
     * It tells of what this session does not see when it reads next: so watch first, then read.
     *
     * @return closes the watch
     */
    AutoCloseable watch(String path, Runnable changed);

    /** Tells of the session's end, by expiry, also if it has come already; ephemeral nodes are gone by then. */
    void onSessionExpired(Runnable listener);

    /** How large a transaction may be wherever the tree is; a ZooKeeper server takes 1 MiB if nothing else is configured. */
    int MAX_TRANSACTION_BYTES = 1_000_000;

    /** Any version will do. */
    int ANY_VERSION = -1;

    /**
     * A node's content.
     *
     * @param data its bytes
     * @param version its data version
     * @param ephemeral whether it vanishes with the session that created it
     * @param own whether it vanishes with the very session that reads it
     * @param creation when it was created, in a count of the tree's changes that only grows (ZooKeeper's czxid)
     * @param modification when its data were set last, in the same count (ZooKeeper's mzxid)
     */
    record Node(byte[] data, int version, boolean ephemeral, boolean own, long creation, long modification) {}

    /** How a node is created. */
    enum CreateMode {
        PERSISTENT,
        EPHEMERAL,
        PERSISTENT_SEQUENTIAL,
        EPHEMERAL_SEQUENTIAL
    }

    /** A part of a {@link #multi}. */
    sealed interface Operation {
        /** What an operation has beside its path and its data: headers, access rights, a chroot before the path. */
        int BESIDES_BYTES = 150;

        /** {@return the node that it is about} */
        String path();

        /** {@return how many bytes it takes on its way to the tree, at most} */
        default int sizeBytes() {
            return BESIDES_BYTES + 3 * path().length();
        }

        /** {@return how many bytes operations take together, at most} */
        static long sizeBytes(List<Operation> operations) {
            long bytes = 0;
            for (Operation operation : operations) {
                bytes += operation.sizeBytes();
            }
            return bytes;
        }

        /** Creates a node. */
        record Create(String path, byte[] data, CreateMode mode) implements Operation {
            @Override
            public int sizeBytes() {
                return Operation.super.sizeBytes() + data.length;
            }
        }

        /** Sets data at an expected version. */
        record Set(String path, byte[] data, int expectedVersion) implements Operation {
            @Override
            public int sizeBytes() {
                return Operation.super.sizeBytes() + data.length;
            }
        }

        /** Deletes at an expected version. */
        record Delete(String path, int expectedVersion) implements Operation {}

        /** Holds if the node has the version. */
        record Check(String path, int expectedVersion) implements Operation {}
    }
}
