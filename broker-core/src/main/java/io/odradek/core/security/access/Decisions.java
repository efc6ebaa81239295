package io.odradek.core.security.access;

import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.Authorizer;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.core.transport.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What has been decided for one connection, for as long as neither the entries change nor who is at its other end: a client
 * asks for the same again and again. Thread-safe.
 */
final class Decisions {
    /** Names that are longer are no topic's; whoever sends them is not to have them kept. */
    private static final int LONGEST_NAME = 255;

    private static final int ALLOWED = 15;

    private final Authorizer authorizer;
    private final Peer peer;
    private final int most;
    /** For each name a bit for what has been asked, and one, further up, for what is allowed. */
    private final List<Map<String, Integer>> byType = new ArrayList<>();

    private final AtomicInteger names = new AtomicInteger();

    private Decisions(Authorizer authorizer, Peer peer, int most) {
        this.authorizer = authorizer;
        this.peer = peer;
        this.most = most;
        for (int i = 0; i < ResourceType.values().length; i++) {
            byType.add(new ConcurrentHashMap<>(2));
        }
    }

    /**
     * {@return those of a connection}
     *
     * @param authorizer who decides now
     * @param most names to keep something of
     */
    static Decisions of(ConnectionContext connection, Authorizer authorizer, int most) {
        Peer peer = connection.peer();
        if (connection.kept() instanceof Decisions kept && kept.authorizer == authorizer && kept.peer == peer) {
            return kept;
        }
        Decisions fresh = new Decisions(authorizer, peer, most);
        connection.keep(fresh);
        return fresh;
    }

    Peer peer() {
        return peer;
    }

    Authorizer authorizer() {
        return authorizer;
    }

    boolean allow(AclOperation operation, ResourceType type, String name) {
        Map<String, Integer> known = byType.get(type.ordinal());
        Integer bits = known.get(name);
        int asked = 1 << operation.code();
        if (bits != null && (bits & asked) != 0) {
            return (bits & asked << ALLOWED) != 0;
        }
        boolean allowed = authorizer.allows(peer, operation, type, name);
        if (bits != null || name.length() <= LONGEST_NAME && isRoom()) {
            known.merge(name, allowed ? asked | asked << ALLOWED : asked, (one, other) -> one | other);
        }
        return allowed;
    }

    private boolean isRoom() {
        return names.get() < most && names.getAndIncrement() < most;
    }
}
