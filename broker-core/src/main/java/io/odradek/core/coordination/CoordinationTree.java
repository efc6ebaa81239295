package io.odradek.core.coordination;

import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tree itself: a sorted map of paths, changed by whole transactions. Belongs to one loop and knows no time, disk or sessions beyond their numbers. */
final class CoordinationTree {
    /** The session number of nodes that outlive their creator. */
    static final long PERSISTENT = 0;

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final int maxDataBytes;
    private long changesSoFar;

    /** A tree with only its root, whose nodes hold at most so many bytes each. */
    CoordinationTree(int maxDataBytes) {
        this.maxDataBytes = maxDataBytes;
        entries.put("/", new Entry(new byte[0], PERSISTENT, 0));
    }

    /**
     * What a transaction did.
     *
     * @param outcomes for each operation the path created ({@code String}), the new version ({@code Integer}) or null
     * @param changes of persistent nodes, in order
     * @param touched the paths whose watchers are to be told, in order
     * @param undo take it back, in this order, after what was applied later; of a node that its session has taken along, nothing is left
     */
    record Applied(List<Object> outcomes, List<TreeChange> changes, List<String> touched, Deque<Runnable> undo) {}

    private static final class Entry {
        private final long session;
        private final long creation;
        private final SortedSet<String> children = new TreeSet<>();
        private byte[] data;
        private int version;
        private long modification;
        private int nextSequence;

        Entry(byte[] data, long session, long creation) {
            this.data = data;
            this.creation = creation;
            this.modification = creation;
            this.session = session;
        }
    }

    /** {@return a node, as a session reads it} */
    Node get(String path, long session) {
        Entry entry = existing(path);
        return new Node(
                entry.data.clone(),
                entry.version,
                entry.session != PERSISTENT,
                entry.session == session,
                entry.creation,
                entry.modification);
    }

    /** {@return the sorted names of a node's children} */
    List<String> children(String path) {
        return List.copyOf(existing(path).children);
    }

    /** Applies all operations or, by throwing the first one's failure, none. */
    Applied apply(List<Operation> operations, long session) {
        Transaction transaction = new Transaction(session);
        try {
            for (Operation operation : operations) {
                transaction.apply(operation);
            }
        } catch (CoordinationException e) {
            transaction.undo();
            throw e;
        }
        return new Applied(transaction.outcomes, transaction.changes, transaction.touched, transaction.undo);
    }

    /** Removes a session's ephemeral nodes. {@return the paths whose watchers are to be told} */
    List<String> endSession(long session) {
        List<Operation> deletions = new ArrayList<>();
        for (var entry : entries.entrySet()) {
            if (entry.getValue().session == session) {
                deletions.add(new Operation.Delete(entry.getKey(), CoordinationStore.ANY_VERSION));
            }
        }
        return apply(deletions, session).touched();
    }

    /** Applies a change that was journalled earlier; its parent must be there. */
    void replay(TreeChange change) {
        String path = change.path();
        if (change instanceof TreeChange.Put put) {
            Entry entry = entries.get(path);
            if (entry == null) {
                entry = new Entry(put.data(), PERSISTENT, 0);
                existing(parentOf(path)).children.add(nameOf(path));
                entries.put(path, entry);
            }
            entry.data = put.data();
            entry.version = put.version();
            entry.nextSequence = put.nextSequence();
        } else if (entries.remove(path) != null) {
            // Nothing is below, but where the journal has lost that it was removed.
            entries.subMap(path + "/", path + "0").clear();
            existing(parentOf(path)).children.remove(nameOf(path));
        }
    }

    /** {@return the persistent part of the tree, parents first} */
    List<TreeChange> persistentNodes() {
        List<TreeChange> nodes = new ArrayList<>(entries.size());
        for (var entry : entries.entrySet()) {
            if (entry.getValue().session == PERSISTENT) {
                nodes.add(put(entry.getKey(), entry.getValue()));
            }
        }
        return nodes;
    }

    private Entry existing(String path) {
        Entry entry = entries.get(path);
        if (entry == null) {
            throw new CoordinationException(Reason.NO_NODE, path);
        }
        return entry;
    }

    private static TreeChange put(String path, Entry entry) {
        return new TreeChange.Put(path, entry.version, entry.nextSequence, entry.data);
    }

    private static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private final class Transaction {
        private final long session;
        private final List<Object> outcomes = new ArrayList<>();
        private final List<TreeChange> changes = new ArrayList<>();
        private final List<String> touched = new ArrayList<>();
        private final Deque<Runnable> undo = new ArrayDeque<>();

        Transaction(long session) {
            this.session = session;
        }

        void apply(Operation operation) {
            if (operation instanceof Operation.Create create) {
                outcomes.add(create(create));
            } else if (operation instanceof Operation.Set set) {
                outcomes.add(set(set));
            } else if (operation instanceof Operation.Delete delete) {
                delete(delete);
                outcomes.add(null);
            } else if (operation instanceof Operation.Check check) {
                atVersion(check.path(), check.expectedVersion());
                outcomes.add(null);
            }
        }

        void undo() {
            undo.forEach(Runnable::run);
        }

        private String create(Operation.Create create) {
            checkPath(create.path());
            checkSize(create.path(), create.data());
            String parentPath = parentOf(create.path());
            Entry parent = existing(parentPath);
            boolean ephemeral =
                    create.mode() == CreateMode.EPHEMERAL || create.mode() == CreateMode.EPHEMERAL_SEQUENTIAL;
            boolean sequential = create.mode() == CreateMode.PERSISTENT_SEQUENTIAL
                    || create.mode() == CreateMode.EPHEMERAL_SEQUENTIAL;
            if (parent.session != PERSISTENT) {
                throw new CoordinationException(Reason.EPHEMERAL_PARENT, parentPath);
            }
            String path = sequential ? create.path() + tenDigits(parent.nextSequence) : create.path();
            if (entries.containsKey(path)) {
                throw new CoordinationException(Reason.NODE_EXISTS, path);
            }
            Entry entry = new Entry(create.data().clone(), ephemeral ? session : PERSISTENT, ++changesSoFar);
            entries.put(path, entry);
            parent.children.add(nameOf(path));
            undo.push(() -> {
                entries.remove(path);
                parent.children.remove(nameOf(path));
            });
            if (!ephemeral) {
                changes.add(put(path, entry));
            }
            if (sequential) {
                parent.nextSequence++;
                undo.push(() -> parent.nextSequence--);
                changes.add(put(parentPath, parent));
            }
            touched.add(path);
            touched.add(parentPath);
            return path;
        }

        private int set(Operation.Set set) {
            checkSize(set.path(), set.data());
            Entry entry = atVersion(set.path(), set.expectedVersion());
            byte[] before = entry.data;
            long modifiedBefore = entry.modification;
            entry.data = set.data().clone();
            entry.version++;
            entry.modification = ++changesSoFar;
            undo.push(() -> {
                entry.data = before;
                entry.version--;
                entry.modification = modifiedBefore;
            });
            if (entry.session == PERSISTENT) {
                changes.add(put(set.path(), entry));
            }
            touched.add(set.path());
            return entry.version;
        }

        private void delete(Operation.Delete delete) {
            Entry entry = atVersion(delete.path(), delete.expectedVersion());
            if (!entry.children.isEmpty() || delete.path().equals("/")) {
                throw new CoordinationException(Reason.NOT_EMPTY, delete.path());
            }
            String parentPath = parentOf(delete.path());
            Entry parent = existing(parentPath);
            entries.remove(delete.path());
            parent.children.remove(nameOf(delete.path()));
            undo.push(() -> {
                entries.put(delete.path(), entry);
                parent.children.add(nameOf(delete.path()));
            });
            if (entry.session == PERSISTENT) {
                changes.add(new TreeChange.Remove(delete.path()));
            }
            touched.add(delete.path());
            touched.add(parentPath);
        }

        private Entry atVersion(String path, int expectedVersion) {
            Entry entry = existing(path);
            if (expectedVersion != CoordinationStore.ANY_VERSION && expectedVersion != entry.version) {
                throw new CoordinationException(Reason.BAD_VERSION, path);
            }
            return entry;
        }

        private void checkSize(String path, byte[] data) {
            if (data.length > maxDataBytes) {
                throw new CoordinationException(Reason.DATA_TOO_LARGE, path);
            }
        }

        private void checkPath(String path) {
            if (!path.startsWith("/") || path.endsWith("/") || path.contains("//")) {
                throw new CoordinationException(Reason.NO_NODE, path);
            }
        }
    }

    private static String tenDigits(int number) {
        String digits = Integer.toString(number);
        return "0000000000".substring(digits.length()) + digits;
    }
}
