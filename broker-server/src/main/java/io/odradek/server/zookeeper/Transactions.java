package io.odradek.server.zookeeper;

import io.odradek.core.coordination.CoordinationException;
import io.odradek.core.coordination.CoordinationException.Reason;
import io.odradek.core.coordination.CoordinationStore;
import io.odradek.core.coordination.CoordinationStore.Operation;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/** Operations that are done all or none, in ZooKeeper's form, and which of them kept the others from being done. */
final class Transactions {
    private static final byte[] NO_DATA = {};

    private final NodeAcls acls;

    /** @param acls who may do what with the nodes created */
    Transactions(NodeAcls acls) {
        this.acls = acls;
    }

    /** {@return the operations in ZooKeeper's form} */
    List<Op> of(List<Operation> operations) {
        List<Op> ops = new ArrayList<>(operations.size());
        for (Operation operation : operations) {
            if (operation instanceof Operation.Create create) {
                ops.add(Op.create(create.path(), created(create.data()), acls.of(create.path()), mode(create.mode())));
            } else if (operation instanceof Operation.Set set) {
                ops.add(Op.setData(set.path(), set.data(), set.expectedVersion()));
            } else if (operation instanceof Operation.Delete delete) {
                ops.add(Op.delete(delete.path(), delete.expectedVersion()));
            } else if (operation instanceof Operation.Check check) {
                ops.add(Op.check(check.path(), check.expectedVersion()));
            }
        }
        return ops;
    }

    /** {@return what a node is created with: nothing at all where there are no bytes, as Kafka has it} */
    static byte[] created(byte[] data) {
        return data.length == 0 ? null : data;
    }

    /** {@return what was read of a node, which may have been created with nothing at all} */
    static byte[] read(byte[] data) {
        return data == null ? NO_DATA : data;
    }

    /** {@return the node that an operation is about} */
    static String path(Operation operation) {
        if (operation instanceof Operation.Create create) {
            return create.path();
        }
        if (operation instanceof Operation.Set set) {
            return set.path();
        }
        return operation instanceof Operation.Delete delete ? delete.path() : ((Operation.Check) operation).path();
    }

    /**
     * {@return why a transaction was not made, and at which of its nodes}
     *
     * @param whole why, where no operation of it is at fault
     */
    static CoordinationException failure(List<Operation> operations, Reason whole, List<OpResult> outcomes) {
        for (int i = 0; outcomes != null && i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof OpResult.ErrorResult error && isCause(error)) {
                return new CoordinationException(Codes.reason(Code.get(error.getErr())), path(operations.get(i)));
            }
        }
        return new CoordinationException(whole, path(operations.get(0)));
    }

    /** Those before the one at fault are OK, those after it are told that they were not tried. */
    private static boolean isCause(OpResult.ErrorResult error) {
        return error.getErr() != Code.OK.intValue() && error.getErr() != Code.RUNTIMEINCONSISTENCY.intValue();
    }

    /** {@return how a node is created, in ZooKeeper's words} */
    static CreateMode mode(CoordinationStore.CreateMode mode) {
        return switch (mode) {
            case PERSISTENT -> CreateMode.PERSISTENT;
            case EPHEMERAL -> CreateMode.EPHEMERAL;
            case PERSISTENT_SEQUENTIAL -> CreateMode.PERSISTENT_SEQUENTIAL;
            case EPHEMERAL_SEQUENTIAL -> CreateMode.EPHEMERAL_SEQUENTIAL;
        };
    }
}
