package io.odradek.server.tls;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/** Whether a key store may take the place of another while a broker runs, as Apache Kafka 3.9 has it (KIP-226, KIP-978). */
final class Succession {
    private Succession() {}

    /**
     * Checks it.
     *
     * @throws ConfigException if it may not; its message is one line
     */
    static void check(TlsStores.Keys before, TlsStores.Keys after, ListenerSettings settings) {
        List<X509Certificate> old = certificates(before.store());
        List<X509Certificate> now = certificates(after.store());
        if (old.size() != now.size()) {
            throw refused(after, "it has " + now.size() + " entries, and the one before has " + old.size());
        }
        for (int i = 0; i < now.size(); i++) {
            X500Principal name = now.get(i).getSubjectX500Principal();
            X500Principal oldName = old.get(i).getSubjectX500Principal();
            if (!name.equals(oldName) && !settings.flag("ssl.allow.dn.changes")) {
                throw refused(
                        after,
                        "its certificate is of " + name + ", and the one before of " + oldName
                                + " (ssl.allow.dn.changes)");
            }
            if (!names(now.get(i)).containsAll(names(old.get(i))) && !settings.flag("ssl.allow.san.changes")) {
                throw refused(
                        after,
                        "its certificate lacks alternative names that the one before has (ssl.allow.san.changes)");
            }
        }
    }

    private static List<X509Certificate> certificates(KeyStore store) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            List<String> aliases = Collections.list(store.aliases());
            Collections.sort(aliases);
            for (String alias : aliases) {
                if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
            return certificates;
        } catch (KeyStoreException notLoaded) {
            throw new IllegalStateException(notLoaded);
        }
    }

    private static Set<List<?>> names(X509Certificate certificate) {
        try {
            return certificate.getSubjectAlternativeNames() == null
                    ? Set.of()
                    : new HashSet<>(certificate.getSubjectAlternativeNames());
        } catch (CertificateParsingException none) {
            return Set.of();
        }
    }

    private static ConfigException refused(TlsStores.Keys after, String why) {
        return new ConfigException(
                "The key store of " + after.setting() + " cannot take the place of the one before: " + why);
    }
}
