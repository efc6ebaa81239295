package io.odradek.server.embedded;

import io.netty.util.NetUtil;
import io.odradek.core.security.acl.AclBinding;
import io.odradek.core.security.acl.AclEntry;
import io.odradek.core.security.acl.AclOperation;
import io.odradek.core.security.acl.AclPermission;
import io.odradek.core.security.acl.NodeNames;
import io.odradek.core.security.acl.PatternType;
import io.odradek.core.security.acl.ResourcePattern;
import io.odradek.core.security.acl.ResourceType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says what somebody may do, or may not, whoever else allows it: {@code Acl.allow("alice").to(READ, WRITE).topic("orders")}.
 *
 * <p>A user is named as {@code alice} or {@code User:alice}; {@code *} is everybody. A name of a resource that ends with
 * {@code *} is for all that begin so. The same as text is {@code alice may READ,WRITE topic orders}.
 */
public final class Acl {
    private static final String ALL_NAMES = ResourcePattern.WILDCARD;
    private static final String EXAMPLES =
            "\"alice may READ,WRITE topic orders\", \"alice may not READ group billing-*\" or \"* may DESCRIBE cluster from"
                    + " 127.0.0.1\"";
    private static final Pattern TEXT = Pattern.compile(
            "(\\S+) may (not )?(\\S+) (?:(topic|group|transactional-id) (\\S+)|cluster)(?: from (\\S+))?");

    private final Subject subject;
    private final List<Operation> operations;
    private final ResourcePattern pattern;

    private Acl(Subject subject, List<Operation> operations, ResourcePattern pattern) {
        this.subject = subject;
        this.operations = operations;
        this.pattern = pattern;
    }

    /** What can be done. */
    public enum Operation {
        /** Everything. */
        ALL,
        /** Reading a topic; being in a group. */
        READ,
        /** Writing to a topic, or with a transactional id. */
        WRITE,
        /** Creating topics. */
        CREATE,
        /** Deleting topics, records and groups. */
        DELETE,
        /** Changing what there is. */
        ALTER,
        /** Knowing that it is there; whoever may read, write, delete or alter it, may that too. */
        DESCRIBE,
        /** What brokers do. */
        CLUSTER_ACTION,
        /** Reading settings. */
        DESCRIBE_CONFIGS,
        /** Changing settings, and reading them. */
        ALTER_CONFIGS,
        /** Writing idempotently, which whoever may write to a topic may anyway. */
        IDEMPOTENT_WRITE,
        /** Making delegation tokens for others. */
        CREATE_TOKENS,
        /** Knowing of the delegation tokens of others. */
        DESCRIBE_TOKENS
    }

    /** Lets somebody do something. @param user such as {@code alice}; {@code *} for everybody */
    public static Subject allow(String user) {
        return new Subject(AclPermission.ALLOW, principal(user), AclEntry.ANYWHERE);
    }

    /** Forbids somebody something. @param user such as {@code alice}; {@code *} for everybody */
    public static Subject deny(String user) {
        return new Subject(AclPermission.DENY, principal(user), AclEntry.ANYWHERE);
    }

    private static String principal(String user) {
        if (user.isBlank()) {
            throw new IllegalArgumentException("A user has a name, and everybody is *");
        }
        return AclEntry.isPrincipal(user) ? user : "User:" + user;
    }

    /** Whom it is about. */
    public static final class Subject {
        private final AclPermission permission;
        private final String principal;
        private final String host;

        private Subject(AclPermission permission, String principal, String host) {
            this.permission = permission;
            this.principal = principal;
            this.host = host;
        }

        /**
         * Only from one address.
         *
         * @param address in digits, as a name would be that of nobody; {@code *} for any
         */
        public Subject from(String address) {
            return new Subject(
                    permission, principal, address.equals(AclEntry.ANYWHERE) ? address : asPeersHave(address));
        }

        private static String asPeersHave(String address) {
            byte[] digits = NetUtil.createByteArrayFromIpAddressString(address);
            if (digits == null) {
                throw new IllegalArgumentException(
                        "Somebody comes from an address such as 127.0.0.1 or ::1, not from '" + address + "'");
            }
            try {
                return InetAddress.getByAddress(digits).getHostAddress();
            } catch (UnknownHostException impossible) {
                throw new IllegalArgumentException(impossible);
            }
        }

        /** What it is about. */
        public Deed to(Operation... operations) {
            if (operations.length == 0) {
                throw new IllegalArgumentException("What may be done has to be said, and everything is ALL");
            }
            return new Deed(this, List.of(operations));
        }
    }

    /** What somebody may do, or may not. */
    public static final class Deed {
        private final Subject subject;
        private final List<Operation> operations;

        private Deed(Subject subject, List<Operation> operations) {
            this.subject = subject;
            this.operations = operations;
        }

        /** With a topic, or, as in {@code orders-*}, with all whose names begin so. */
        public Acl topic(String name) {
            return with(ResourceType.TOPIC, name);
        }

        /** With a group of consumers, or all whose ids begin so. */
        public Acl group(String id) {
            return with(ResourceType.GROUP, id);
        }

        /** With a transactional id, or all that begin so. */
        public Acl transactionalId(String id) {
            return with(ResourceType.TRANSACTIONAL_ID, id);
        }

        /** With the cluster as a whole. */
        public Acl cluster() {
            return with(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME);
        }

        private Acl with(ResourceType type, String name) {
            boolean prefix = name.endsWith(ALL_NAMES) && name.length() > ALL_NAMES.length();
            String shortened = prefix ? name.substring(0, name.length() - ALL_NAMES.length()) : name;
            if (!NodeNames.legal(shortened)) {
                throw new IllegalArgumentException("There is no " + kind(type) + " of the name '" + name + "'");
            }
            for (Operation operation : operations) {
                if (operation != Operation.ALL && !type.operations().contains(of(operation))) {
                    throw new IllegalArgumentException(operation + " is nothing that is done with a " + kind(type)
                            + ", which there are " + type.operations() + " for");
                }
            }
            return new Acl(
                    subject,
                    operations,
                    new ResourcePattern(type, shortened, prefix ? PatternType.PREFIXED : PatternType.LITERAL));
        }
    }

    /**
     * {@return what a text says, such as {@code alice may READ,WRITE topic orders}}
     *
     * @throws IllegalArgumentException if it says nothing of the kind; the message has examples
     */
    public static Acl of(String text) {
        Matcher words = TEXT.matcher(text.strip().replaceAll("\\s+", " "));
        if (!words.matches()) {
            throw new IllegalArgumentException("An entry is such as " + EXAMPLES + ", not \"" + text + "\"");
        }
        Subject subject = words.group(2) == null ? allow(words.group(1)) : deny(words.group(1));
        Deed deed = (words.group(6) == null ? subject : subject.from(words.group(6))).to(operations(words.group(3)));
        return words.group(4) == null
                ? deed.cluster()
                : deed.with(
                        ResourceType.valueOf(
                                words.group(4).toUpperCase(Locale.ROOT).replace('-', '_')),
                        words.group(5));
    }

    private static Operation[] operations(String text) {
        return Arrays.stream(text.split(",")).map(Acl::operation).toArray(Operation[]::new);
    }

    private static Operation operation(String name) {
        for (Operation operation : Operation.values()) {
            if (operation.name().equalsIgnoreCase(name)) {
                return operation;
            }
        }
        throw new IllegalArgumentException(
                "'" + name + "' is nothing that can be done: " + Arrays.toString(Operation.values()) + " are");
    }

    private static AclOperation of(Operation operation) {
        return AclOperation.valueOf(operation.name());
    }

    private static String kind(ResourceType type) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return the entries that say it in the tree} */
    List<AclBinding> bindings() {
        return operations.stream()
                .map(operation -> new AclBinding(
                        pattern, new AclEntry(subject.principal, subject.host, of(operation), subject.permission)))
                .toList();
    }

    /** {@return the text that {@link #of} reads} */
    @Override
    public String toString() {
        String does = operations.stream().map(Operation::name).collect(Collectors.joining(","));
        String what = pattern.type() == ResourceType.CLUSTER
                ? ""
                : " " + pattern.name() + (pattern.pattern() == PatternType.PREFIXED ? ALL_NAMES : "");
        return subject.principal + (subject.permission == AclPermission.ALLOW ? " may " : " may not ") + does + " "
                + kind(pattern.type()) + what
                + (subject.host.equals(AclEntry.ANYWHERE) ? "" : " from " + subject.host);
    }
}
