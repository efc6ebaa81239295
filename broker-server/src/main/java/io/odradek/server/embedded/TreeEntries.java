package io.odradek.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.dynamic.ClientConfigs;
import io.odradek.core.config.dynamic.ClientEntity;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.coordination.CoordinationSession;
import io.odradek.core.coordination.CoordinationStore.CreateMode;
import io.odradek.core.security.acl.AclBinding;
import io.odradek.core.security.acl.AclTree;
import io.odradek.core.security.acl.Acls;
import io.odradek.core.security.scram.ScramCredential;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.protocol.errors.ApiException;
import io.odradek.server.embedded.SecurityPlan.Login;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What a cluster's tree has to have before its brokers read it: users of SCRAM, the brokers among them, and ACLs. */
final class TreeEntries {
    private static final int ITERATIONS = ScramMechanism.LEAST_ITERATIONS;
    private static final byte[] NO_DATA = {};

    private final List<Login> users = new ArrayList<>();
    private final List<AclBinding> bindings;

    /** @param own the password of the brokers themselves; null where they need not log in */
    TreeEntries(List<Login> logins, String own, List<AclBinding> bindings) {
        this.bindings = List.copyOf(bindings);
        for (Login login : logins) {
            if (ScramMechanism.of(login.mechanism()) != null) {
                users.add(login);
            }
        }
        for (ScramMechanism mechanism : ScramMechanism.values()) {
            String name = mechanism.mechanismName();
            if (own != null
                    && users.stream().anyMatch(login -> login.mechanism().equals(name))) {
                users.add(new Login(name, BrokerGuard.ITSELF, own));
            }
        }
    }

    /** {@return a way to open a tree, into which they are written then} */
    CoordinationHome.Opener before(CoordinationHome.Opener opener, Clock clock) {
        return surroundings -> {
            CoordinationHome home = opener.open(surroundings);
            write(home, surroundings.loop(), clock);
            return home;
        };
    }

    /** Writes them into a tree, over what it has; waits for it. @param loop one that runs */
    void write(CoordinationHome home, EventLoop loop, Clock clock) throws IOException {
        if (users.isEmpty() && bindings.isEmpty()) {
            return;
        }
        try (CoordinationSession session = await(home.openSession(loop))) {
            for (String path : ClusterPaths.PERSISTENT) {
                await(session.create(path, NO_DATA, CreateMode.PERSISTENT).handle((made, there) -> null));
            }
            ClientConfigs clients = new ClientConfigs(session, loop);
            for (Login user : users) {
                await(clients.alter(ClientEntity.ofUser(user.user()), before -> with(user, before), false));
            }
            AclTree tree = new AclTree(session, loop, clock, BrokerConfig.of(Map.of()));
            for (ApiException refusal : await(new Acls(session, loop, tree).create(bindings))) {
                if (refusal != null) {
                    throw new IOException(refusal.getMessage(), refusal);
                }
            }
        }
    }

    private static <T> T await(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw new IOException("The users and ACLs cannot be stored: " + failure.getMessage(), failure);
        }
    }

    private static SortedMap<String, String> with(Login user, SortedMap<String, String> before) {
        SortedMap<String, String> after = new TreeMap<>(before);
        after.put(user.mechanism(), credential(user));
        return after;
    }

    private static String credential(Login user) {
        ScramMechanism mechanism = ScramMechanism.of(user.mechanism());
        byte[] salt = BrokerGuard.newPassword().getBytes(UTF_8);
        byte[] salted = mechanism.salted(user.password().getBytes(UTF_8), salt, ITERATIONS);
        return ScramCredential.ofSalted(mechanism, salted, salt, ITERATIONS).encode();
    }
}
