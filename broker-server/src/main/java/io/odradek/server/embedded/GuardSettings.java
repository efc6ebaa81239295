package io.odradek.server.embedded;

import io.odradek.server.certificates.Identity;
import io.odradek.server.embedded.SecurityPlan.Login;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The settings of brokers that are guarded. What their builder was told to set stays as it is. */
final class GuardSettings {
    private final Map<String, String> all;
    private final boolean cluster;
    private String protocol = "PLAINTEXT";
    private boolean certificates;
    private boolean needsCertificates;

    /**
     * @param all added to
     * @param cluster whether brokers have to know each other
     */
    GuardSettings(Map<String, String> all, boolean cluster) {
        this.all = all;
        this.cluster = cluster;
    }

    /** {@return the protocol of the listener} */
    String protocol() {
        return protocol;
    }

    /** {@return whether clients may say by a certificate who they are} */
    boolean certificates() {
        return certificates;
    }

    /** {@return whether clients have to say so} */
    boolean needsCertificates() {
        return needsCertificates;
    }

    void listener(String spoken, int port) {
        protocol = spoken;
        all.put("listeners", spoken + "://127.0.0.1:" + port);
        all.putIfAbsent("security.inter.broker.protocol", spoken);
    }

    void authorizer() {
        all.putIfAbsent("authorizer.class.name", "kafka.security.authorizer.AclAuthorizer");
        if (cluster) {
            all.merge("super.users", "User:" + BrokerGuard.ITSELF, (told, own) -> told + ";" + own);
        }
    }

    /** @param clients whether clients show certificates: {@code required}, {@code requested} or {@code none} */
    void tls(KeyMaterial keys, String clients) {
        certificates = !clients.equals("none");
        needsCertificates = clients.equals("required");
        all.putIfAbsent("ssl.client.auth", clients);
        all.putIfAbsent("ssl.principal.mapping.rules", KeyMaterial.NAME_RULE);
        all.putIfAbsent("ssl.keystore.type", "PEM");
        all.putIfAbsent("ssl.keystore.certificate.chain", keys.brokers().chainPem());
        all.putIfAbsent("ssl.keystore.key", keys.brokers().keyPem());
        all.putIfAbsent("ssl.truststore.type", "PEM");
        all.putIfAbsent("ssl.truststore.certificates", Identity.pem(keys.trusted()));
    }

    /** @param own the password of the brokers themselves; null where they need not log in */
    void logins(List<Login> logins, String own) {
        if (logins.isEmpty()) {
            return;
        }
        Set<String> mechanisms = new LinkedHashSet<>();
        logins.forEach(login -> mechanisms.add(login.mechanism()));
        all.putIfAbsent("sasl.enabled.mechanisms", String.join(",", mechanisms));
        String ofListener = "listener.name." + protocol.toLowerCase(Locale.ROOT) + ".";
        for (String mechanism : mechanisms) {
            all.putIfAbsent(
                    ofListener + mechanism.toLowerCase(Locale.ROOT) + ".sasl.jaas.config",
                    JaasText.ofBrokers(mechanism, logins, own));
        }
        if (own != null) {
            all.putIfAbsent(
                    "sasl.mechanism.inter.broker.protocol",
                    mechanisms.iterator().next());
        }
    }
}
