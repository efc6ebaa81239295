package io.odradek.server.certificates;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/**
 * A key, with the certificate that says whose it is.
 *
 * @param key the private key
 * @param chain its certificate, then that of who issued it
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** {@return its own certificate} */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** {@return its certificates in PEM, as {@code ssl.keystore.certificate.chain} takes them} */
    public String chainPem() {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate certificate : chain) {
            pem.append(pem(certificate));
        }
        return pem.toString();
    }

    /** {@return its key in PEM, not encrypted, as {@code ssl.keystore.key} takes it} */
    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** {@return a certificate in PEM, as {@code ssl.truststore.certificates} takes it} */
    public static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + LINES.encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    /** Writes a PKCS12 key store with this identity. */
    public void writeKeyStore(Path file, String password) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", key, password.toCharArray(), chain.toArray(X509Certificate[]::new));
            write(store, file, password);
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot make a key store: " + e.getMessage(), e);
        }
    }

    /** Writes a PKCS12 trust store with a certificate. */
    public static void writeTrustStore(X509Certificate trusted, Path file, String password) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("trusted", trusted);
            write(store, file, password);
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot make a trust store: " + e.getMessage(), e);
        }
    }

    private static void write(KeyStore store, Path file, String password) throws GeneralSecurityException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
    }

    /** Not the key. */
    @Override
    public String toString() {
        return "Identity of " + certificate().getSubjectX500Principal();
    }
}
