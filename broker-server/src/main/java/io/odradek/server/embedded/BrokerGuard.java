package io.odradek.server.embedded;

import io.odradek.server.embedded.SecurityPlan.Login;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What guards a broker or a cluster, and what clients get who are to come in. Thread-safe. */
final class BrokerGuard implements AutoCloseable {
    /** The user that brokers are to each other. */
    static final String ITSELF = "odradek";

    private static final String ANY_CLIENT = "client";
    private static final int PASSWORD_BYTES = 18;

    private final GuardSettings settings;
    private final KeyMaterial keys;
    private final TreeEntries entries;
    private final List<Login> logins;

    /**
     * @param settings that the brokers have
     * @param keys null without TLS
     * @param entries of the cluster's tree
     * @param logins users, in the order in which they were named
     */
    BrokerGuard(GuardSettings settings, KeyMaterial keys, TreeEntries entries, List<Login> logins) {
        this.settings = settings;
        this.keys = keys;
        this.entries = entries;
        this.logins = new ArrayList<>(logins);
    }

    static String newPassword() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().encodeToString(random);
    }

    /** {@return what the tree has to have before brokers read it} */
    TreeEntries entries() {
        return entries;
    }

    /** Has a client come in, as the first user where one has to be somebody. */
    void addTo(Map<String, Object> client) {
        if (!logins.isEmpty()) {
            addTo(client, logins.get(0).user());
        } else {
            addProtocol(client);
            if (settings.needsCertificates()) {
                keys.addIdentity(client, ANY_CLIENT);
            }
        }
    }

    /**
     * Has a client come in as a user.
     *
     * @throws IllegalArgumentException if nobody of that name may log in; the message names who may
     * @throws IllegalStateException if nobody is asked who they are
     */
    void addTo(Map<String, Object> client, String user) {
        addProtocol(client);
        if (settings.certificates()) {
            keys.addIdentity(client, user);
        }
        if (!logins.isEmpty()) {
            Login login = login(user);
            client.put("sasl.mechanism", login.mechanism());
            client.put("sasl.jaas.config", JaasText.ofUser(login));
            if (login.isOauth()) {
                client.put("sasl.login.callback.handler.class", "io.odradek.server.embedded.UnsecuredTokenLogin");
            }
        } else if (!settings.certificates()) {
            throw askedByNobody();
        }
    }

    /** {@return why a client is not somebody in particular} */
    static IllegalStateException askedByNobody() {
        return new IllegalStateException(
                "Nobody is asked here who they are: sasl(...) or mutualTls() of the builder has clients say so");
    }

    private void addProtocol(Map<String, Object> client) {
        client.put("security.protocol", settings.protocol());
        if (keys != null) {
            keys.addTrusted(client);
        }
    }

    private Login login(String user) {
        Set<String> known = new LinkedHashSet<>();
        for (Login login : logins) {
            if (login.user().equals(user)) {
                return login;
            }
            known.add(login.user());
        }
        throw new IllegalArgumentException("There is no user " + user + ", only " + known);
    }

    @Override
    public void close() {
        if (keys != null) {
            keys.close();
        }
    }
}
