package io.odradek.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Certificates and keys in PEM (RFC 7468), in any order, with whatever text between them. Line breaks within them may be blanks,
 * as they are in a file of properties.
 */
final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final Pattern HEADER_LINE = Pattern.compile("(?m)^[^\\r\\n:]*:.*$");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

    private Pem() {}

    /** A piece of PEM. */
    private record Block(String label, byte[] bytes) {
        /** Not what may be a key. */
        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * {@return the certificates of a text, at least one}
     *
     * @throws GeneralSecurityException if there is none, or one is broken; its message is for people
     */
    static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(text)) {
            if (block.label().equals(CERTIFICATE)) {
                try {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
                } catch (CertificateException broken) {
                    throw new GeneralSecurityException("certificate " + (certificates.size() + 1) + " of it is broken");
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("there is no BEGIN CERTIFICATE in it");
        }
        return certificates;
    }

    /**
     * {@return the one private key of a text}
     *
     * @param password what it is encrypted with, null for nothing
     * @throws GeneralSecurityException if there is none, or it cannot be read; its message is for people
     */
    static PrivateKey key(String text, String password) throws GeneralSecurityException {
        Block found = null;
        for (Block block : blocks(text)) {
            if (block.label().endsWith(KEY)) {
                if (found != null) {
                    throw new GeneralSecurityException("there is more than one private key in it");
                }
                found = block;
            }
        }
        if (found == null) {
            throw new GeneralSecurityException("there is no BEGIN PRIVATE KEY in it");
        }
        return switch (found.label()) {
            case KEY -> key(new PKCS8EncodedKeySpec(found.bytes()));
            case ENCRYPTED_KEY -> decrypted(found.bytes(), password);
            default ->
                throw new GeneralSecurityException(
                        "its key is a " + found.label() + ", which openssl pkcs8 -topk8 turns into a " + KEY);
        };
    }

    private static PrivateKey decrypted(byte[] bytes, String password) throws GeneralSecurityException {
        if (password == null) {
            throw new GeneralSecurityException("its key is encrypted, and there is no ssl.key.password");
        }
        EncryptedPrivateKeyInfo info;
        try {
            info = new EncryptedPrivateKeyInfo(bytes);
        } catch (IOException broken) {
            throw new GeneralSecurityException("its key is broken");
        }
        AlgorithmParameters parameters = info.getAlgParameters();
        // What PBES2 consists of, only its parameters say.
        String algorithm = parameters != null && parameters.getAlgorithm().equals("PBES2")
                ? parameters.toString()
                : info.getAlgName();
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray());
        try {
            Key secret = SecretKeyFactory.getInstance(algorithm).generateSecret(spec);
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
            return key(info.getKeySpec(cipher));
        } catch (InvalidKeySpecException | InvalidKeyException wrong) {
            throw new GeneralSecurityException("ssl.key.password is not the password of its key");
        } finally {
            spec.clearPassword();
        }
    }

    private static PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException anotherKind) {
                // The next may be it.
            }
        }
        throw new GeneralSecurityException("its key is broken, or of none of the kinds " + ALGORITHMS);
    }

    private static List<Block> blocks(String text) throws GeneralSecurityException {
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            int end = labelEnd < 0 ? -1 : text.indexOf("-----END " + label + DASHES, labelEnd);
            if (end < 0) {
                throw new GeneralSecurityException("what begins with BEGIN " + label + " has no end");
            }
            String body = text.substring(labelEnd + DASHES.length(), end);
            try {
                blocks.add(new Block(
                        label,
                        Base64.getMimeDecoder()
                                .decode(HEADER_LINE
                                        .matcher(body)
                                        .replaceAll("")
                                        .getBytes(StandardCharsets.ISO_8859_1))));
            } catch (IllegalArgumentException noBase64) {
                throw new GeneralSecurityException("what begins with BEGIN " + label + " is no Base64");
            }
            at = text.indexOf(BEGIN, end);
        }
        return blocks;
    }
}
