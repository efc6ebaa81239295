package io.odradek.core.security.access;

import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.KafkaNames;
import io.odradek.core.security.acl.ResourceType;
import io.odradek.core.transport.Peer;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of decisions, under the name and in the words of Kafka's authorizer: what is denied at INFO, what is allowed at DEBUG.
 * Lines about what is denied, which anybody can provoke, are bounded.
 */
final class AccessLog {
    static final String NAME = "kafka.authorizer.logger";

    private static final Logger LOG = LoggerFactory.getLogger(NAME);
    private static final int MOST_LINES = 1_000;
    private static final int INTERVAL_MS = 60_000;

    private final FewLines denials;

    AccessLog(Clock clock) {
        denials = new FewLines(LOG, clock, MOST_LINES, INTERVAL_MS);
    }

    /** Somebody has been allowed something. */
    void allowed(Peer peer, AclOperation operation, ResourceType type, String name, ApiKey api) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(line(peer, "Allowed", operation, literal(type, name), api, 1));
        }
    }

    /** Somebody has been denied something that it asked for. */
    void denied(Peer peer, AclOperation operation, ResourceType type, String name, ApiKey api) {
        if (LOG.isInfoEnabled()) {
            denials.info(line(peer, "Denied", operation, literal(type, name), api, 1));
        }
    }

    /** It has been looked whether there is any resource that somebody may do something with. */
    void ofAny(Peer peer, boolean allowed, AclOperation operation, ResourceType type, ApiKey api) {
        String resource = type.kafkaName() + ":UNKNOWN:NONE";
        if (!allowed && LOG.isInfoEnabled()) {
            denials.info(line(peer, "Denied", operation, resource, api, 0));
        } else if (allowed && LOG.isDebugEnabled()) {
            LOG.debug(line(peer, "Allowed", operation, resource, api, 0));
        }
    }

    static String literal(ResourceType type, String name) {
        return type.kafkaName() + ":LITERAL:" + Quoted.text(name);
    }

    static String line(Peer peer, String outcome, AclOperation operation, String resource, ApiKey api, int references) {
        return "Principal = " + Quoted.text(peer.principal()) + " is " + outcome + " Operation = "
                + operation.kafkaName()
                + " from host = " + peer.address().getHostAddress() + " on resource = " + resource + " for request = "
                + KafkaNames.of(api) + " with resourceRefCount = " + references;
    }
}
