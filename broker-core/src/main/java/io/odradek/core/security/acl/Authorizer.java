package io.odradek.core.security.acl;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.ConfigException;
import io.odradek.core.transport.Peer;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides who may do what, as Kafka's AclAuthorizer does: super users may do everything; others what an entry allows and none
 * forbids, and, where no entry is about a resource, everything with it if {@code allow.everyone.if.no.acl.found} says so.
 * Immutable.
 */
public final class Authorizer {
    private final AclImage image;
    private final Set<String> superUsers;
    private final boolean allowsWhereNoEntryIs;

    private Authorizer(AclImage image, Set<String> superUsers, boolean allowsWhereNoEntryIs) {
        this.image = image;
        this.superUsers = superUsers;
        this.allowsWhereNoEntryIs = allowsWhereNoEntryIs;
    }

    /** {@return one that knows no entries yet: it lets nobody in but super users, whatever else is set} */
    static Authorizer closed(BrokerConfig config) {
        return new Authorizer(AclImage.EMPTY, superUsers(config.text("super.users")), false);
    }

    /** {@return the same settings, with entries} */
    static Authorizer of(BrokerConfig config, AclImage image) {
        return new Authorizer(
                image, superUsers(config.text("super.users")), config.flag("allow.everyone.if.no.acl.found"));
    }

    private static Set<String> superUsers(String text) {
        Set<String> users = new TreeSet<>();
        for (String user : text == null ? new String[0] : text.split(";")) {
            if (!user.isBlank() && !AclEntry.isPrincipal(user)) {
                throw new ConfigException("super.users", text, "principals such as User:alice, with ; between them");
            }
            users.add(user.trim());
        }
        return users;
    }

    /** {@return the entries that it decides by} */
    public AclImage image() {
        return image;
    }

    /** {@return whether somebody may do everything} */
    public boolean isSuperUser(Peer peer) {
        return superUsers.contains(peer.principal());
    }

    /** {@return whether somebody may do something with a resource} */
    public boolean allows(Peer peer, AclOperation operation, ResourceType type, String name) {
        if (isSuperUser(peer)) {
            return true;
        }
        AclImage.Answer answer = image.answer(peer.principal(), host(peer), operation, type, name);
        return answer == AclImage.Answer.NO_ENTRY ? allowsWhereNoEntryIs : answer == AclImage.Answer.ALLOWED;
    }

    /** {@return whether there can be a resource of this kind that somebody may do something with} */
    public boolean allowsForAny(Peer peer, AclOperation operation, ResourceType type) {
        if (isSuperUser(peer)) {
            return true;
        }
        AnyResource any = new AnyResource(image, peer.principal(), host(peer), operation, type);
        return allowsWhereNoEntryIs ? !any.allDenied() : any.someAllowed();
    }

    private static String host(Peer peer) {
        return peer.address().getHostAddress();
    }
}
