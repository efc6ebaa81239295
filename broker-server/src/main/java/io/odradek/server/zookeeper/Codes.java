package io.odradek.server.zookeeper;

import io.odradek.core.coordination.CoordinationException.Reason;
import org.apache.zookeeper.KeeperException.Code;

/** What ZooKeeper's result codes mean to those who use the tree. */
final class Codes {
    private Codes() {}

    /** {@return why a call failed} */
    static Reason reason(Code code) {
        return switch (code) {
            case NONODE -> Reason.NO_NODE;
            case NODEEXISTS -> Reason.NODE_EXISTS;
            case BADVERSION -> Reason.BAD_VERSION;
            case NOTEMPTY -> Reason.NOT_EMPTY;
            case NOCHILDRENFOREPHEMERALS -> Reason.EPHEMERAL_PARENT;
            case SESSIONEXPIRED, SESSIONMOVED, SESSIONCLOSEDREQUIRESASLAUTH -> Reason.SESSION_EXPIRED;
            case CONNECTIONLOSS, OPERATIONTIMEOUT, REQUESTTIMEOUT -> Reason.CONNECTION_LOSS;
            case NOAUTH, AUTHFAILED, INVALIDACL -> Reason.NOT_ALLOWED;
            case QUOTAEXCEEDED -> Reason.DATA_TOO_LARGE;
            default -> Reason.STORAGE_FAILURE;
        };
    }
}
