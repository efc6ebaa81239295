package io.odradek.server.embedded;

import io.odradek.core.security.acl.AclBinding;
import io.odradek.core.security.oauth.OauthExchange;
import io.odradek.core.security.sasl.PlainExchange;
import io.odradek.core.security.scram.ScramMechanism;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who may come in to brokers that are still to be started, as their builder was told. */
final class SecurityPlan {
    private static final String HAVE = "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER";

    private final List<Login> logins = new ArrayList<>();
    private final List<AclBinding> bindings = new ArrayList<>();
    private boolean encrypted;
    private boolean mutual;
    private boolean guarded;

    /**
     * A user, and how it logs in.
     *
     * @param password null where the mechanism has none
     */
    record Login(String mechanism, String user, String password) {
        boolean isOauth() {
            return mechanism.equals(OauthExchange.NAME);
        }

        /** Not the password. */
        @Override
        public String toString() {
            return user + " by " + mechanism;
        }
    }

    void tls() {
        encrypted = true;
    }

    void mutualTls() {
        encrypted = true;
        mutual = true;
    }

    void login(String mechanism, String user, String password) {
        boolean oauth = mechanism.equals(OauthExchange.NAME);
        if (!oauth && !mechanism.equals(PlainExchange.NAME) && ScramMechanism.of(mechanism) == null) {
            throw new IllegalArgumentException("There is no mechanism " + mechanism + ", only " + HAVE);
        }
        if (user == null || user.isBlank() || user.equals(BrokerGuard.ITSELF)) {
            throw new IllegalArgumentException(
                    "A user has a name, which is not that of the brokers, " + BrokerGuard.ITSELF + ": '" + user + "'");
        }
        if (oauth != (password == null || password.isEmpty())) {
            throw new IllegalArgumentException(
                    oauth ? mechanism + " has no passwords, only users" : user + " needs a password for " + mechanism);
        }
        for (Login other : logins) {
            if (other.user().equals(user) && other.mechanism().equals(mechanism)) {
                throw new IllegalArgumentException(user + " may log in by " + mechanism + " already");
            }
        }
        logins.add(new Login(mechanism, user, password));
    }

    void acls(List<Acl> entries) {
        guarded = true;
        entries.forEach(entry -> bindings.addAll(entry.bindings()));
    }

    /**
     * {@return what guards brokers so}
     *
     * @param all their settings, to which it adds what it needs
     * @param port where one broker is to listen, 0 for any
     * @param cluster whether brokers have to know each other
     * @throws IllegalStateException if the settings and what is wanted exclude each other
     */
    BrokerGuard guard(Map<String, String> all, int port, boolean cluster) {
        boolean open = logins.isEmpty() && !encrypted;
        if (!open && all.containsKey("listeners")) {
            throw new IllegalStateException(
                    "listeners is set, and so is tls(), mutualTls() or sasl(), which make a listener: take"
                            + " either, and Kafka's settings of TLS and SASL for listeners of your own");
        }
        if (open && guarded && cluster) {
            throw new IllegalStateException(
                    "With acls() the brokers of a cluster have to tell each other from clients: tls(),"
                            + " mutualTls() or sasl(...) says how");
        }
        GuardSettings added = new GuardSettings(all, cluster);
        KeyMaterial keys = null;
        if (!open) {
            added.listener((logins.isEmpty() ? "" : "SASL_") + (encrypted ? "SSL" : "PLAINTEXT"), port);
        }
        if (guarded) {
            added.authorizer();
        }
        if (encrypted) {
            keys = KeyMaterial.make();
            added.tls(keys, mutual ? "required" : guarded && logins.isEmpty() ? "requested" : "none");
        }
        String own = cluster ? BrokerGuard.newPassword() : null;
        added.logins(logins, own);
        return new BrokerGuard(added, keys, new TreeEntries(logins, own, bindings), logins);
    }
}
