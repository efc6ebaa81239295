package io.odradek.core.coordination;

import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.coordination.CoordinationStore.Node;
import io.odradek.core.coordination.CoordinationStore.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What operations leave behind in the tree, by which to tell that they were made. Pure. */
final class Traces {
    private Traces() {}

    /** {@return of a transaction, the operations that can be seen afterwards: the last one of each node} */
    static List<Operation> of(List<Operation> operations) {
        Map<String, Operation> last = new LinkedHashMap<>();
        for (Operation operation : operations) {
            boolean numbered = operation instanceof Operation.Create create
                    && (create.mode() == CreateMode.PERSISTENT_SEQUENTIAL
                            || create.mode() == CreateMode.EPHEMERAL_SEQUENTIAL);
            if (!numbered && !(operation instanceof Operation.Check)) {
                last.put(path(operation), operation);
            }
        }
        return new ArrayList<>(last.values());
    }

    /** {@return whether a node, null if there is none, is what the operation makes of it} */
    static boolean shows(Operation operation, Node node) {
        if (operation instanceof Operation.Create create) {
            return node != null
                    && (create.mode() == CreateMode.EPHEMERAL ? node.own() : !node.ephemeral())
                    && Arrays.equals(node.data(), create.data());
        }
        if (operation instanceof Operation.Set set) {
            return node != null
                    && (set.expectedVersion() == CoordinationStore.ANY_VERSION
                            || node.version() == set.expectedVersion() + 1)
                    && Arrays.equals(node.data(), set.data());
        }
        return operation instanceof Operation.Delete && node == null;
    }

    static String path(Operation operation) {
        if (operation instanceof Operation.Create create) {
            return create.path();
        }
        if (operation instanceof Operation.Set set) {
            return set.path();
        }
        if (operation instanceof Operation.Delete delete) {
            return delete.path();
        }
        return ((Operation.Check) operation).path();
    }
}
