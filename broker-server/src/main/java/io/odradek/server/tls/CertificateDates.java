package io.odradek.server.tls;

import io.odradek.core.config.ListenerSettings;
import io.odradek.protocol.errors.Quoted;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Until when the certificates are valid that this broker shows of itself, and of those that have issued them. */
final class CertificateDates {
    private static final Duration SOON = Duration.ofDays(30);

    private CertificateDates() {}

    /** {@return a line for each certificate of a listener that is over, or will be within thirty days} */
    static List<String> warnings(TlsStores.Keys keys, ListenerSettings settings, Instant now) {
        List<String> warnings = new ArrayList<>();
        try {
            for (String alias : Collections.list(keys.store().aliases())) {
                Certificate[] chain = keys.store().getCertificateChain(alias);
                if (keys.store().isKeyEntry(alias) && chain != null) {
                    for (Certificate certificate : chain) {
                        add(certificate, keys, settings, now, warnings);
                    }
                }
            }
        } catch (KeyStoreException notLoaded) {
            throw new IllegalStateException(notLoaded);
        }
        return warnings;
    }

    private static void add(
            Certificate certificate,
            TlsStores.Keys keys,
            ListenerSettings settings,
            Instant now,
            List<String> warnings) {
        if (certificate instanceof X509Certificate dated
                && dated.getNotAfter().toInstant().isBefore(now.plus(SOON))) {
            boolean isOver = dated.getNotAfter().toInstant().isBefore(now);
            boolean isInFile = keys.setting().endsWith(".location");
            warnings.add(settings + ": the certificate of "
                    + Quoted.text(dated.getSubjectX500Principal().getName()) + " in "
                    + (isInFile ? settings.text("ssl.keystore.location") + " (" + keys.setting() + ")" : keys.setting())
                    + (isOver ? " has been over since " : " is valid only until ")
                    + dated.getNotAfter().toInstant()
                    + (isOver ? ": who checks it does not connect" : ""));
        }
    }
}
