package io.odradek.server.certificates;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * Issues certificates (RFC 5280) with keys on the curve P-256, which are made in a millisecond. It is its own root: whoever
 * trusts {@link #certificate} trusts what it has issued.
 */
public final class Issuer {
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final byte[] SIGNS_CERTIFICATES = {0x06};
    private static final byte[] SIGNS = {(byte) 0x80};
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final BigInteger VERSION_3 = BigInteger.TWO;
    private static final Duration CLOCKS_DIFFER_BY = Duration.ofHours(1);

    private final SecureRandom random = new SecureRandom();
    private final PrivateKey key;
    private final X509Certificate certificate;

    /**
     * Makes one that is valid from now on.
     *
     * @param name its distinguished name, such as {@code CN=root}
     * @param valid for how long
     */
    public Issuer(String name, Duration valid) {
        KeyPair pair = keys();
        key = pair.getPrivate();
        X500Principal self = new X500Principal(name);
        Instant now = Instant.now();
        certificate = sign(
                self,
                self,
                pair,
                new Validity(now.minus(CLOCKS_DIFFER_BY), now.plus(valid)),
                List.of(
                        extension(BASIC_CONSTRAINTS, Der.sequence(Der.yes())),
                        extension(KEY_USAGE, Der.bits(SIGNS_CERTIFICATES, 1))));
    }

    /** When a certificate is valid. */
    private record Validity(Instant from, Instant to) {}

    /** {@return what is to be trusted} */
    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * Issues a certificate that is valid from now on.
     *
     * @param name whom it is for, as a distinguished name
     * @param hosts the names and addresses of hosts that it is for; none for a client's
     * @param valid for how long; negative for one that is over already
     */
    public Identity issue(String name, List<String> hosts, Duration valid) {
        KeyPair pair = keys();
        Instant now = Instant.now();
        Instant from = (valid.isNegative() ? now.plus(valid.multipliedBy(2)) : now).minus(CLOCKS_DIFFER_BY);
        List<byte[]> extensions = new ArrayList<>();
        extensions.add(extension(KEY_USAGE, Der.bits(SIGNS, 7)));
        if (!hosts.isEmpty()) {
            byte[][] names = hosts.stream().map(Issuer::alternativeName).toArray(byte[][]::new);
            extensions.add(extension(ALTERNATIVE_NAMES, Der.sequence(names)));
        }
        X509Certificate issued = sign(
                new X500Principal(name),
                certificate.getSubjectX500Principal(),
                pair,
                new Validity(from, now.plus(valid)),
                extensions);
        return new Identity(pair.getPrivate(), List.of(issued, certificate));
    }

    private static byte[] alternativeName(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        return address != null
                ? Der.implicit(IP_ADDRESS, address)
                : Der.implicit(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value));
    }

    private X509Certificate sign(
            X500Principal subject, X500Principal issuer, KeyPair pair, Validity validity, List<byte[]> extensions) {
        byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
        byte[] toBeSigned = Der.sequence(
                Der.explicit(0, Der.integer(VERSION_3)),
                Der.integer(new BigInteger(127, random).setBit(126)),
                algorithm,
                issuer.getEncoded(),
                Der.sequence(Der.time(validity.from()), Der.time(validity.to())),
                subject.getEncoded(),
                pair.getPublic().getEncoded(),
                Der.explicit(3, Der.sequence(extensions.toArray(byte[][]::new))));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key, random);
            signature.update(toBeSigned);
            byte[] signed = Der.sequence(toBeSigned, algorithm, Der.bits(signature.sign(), 0));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(signed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM cannot sign a certificate: " + e.getMessage(), e);
        }
    }

    private KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM cannot make a key: " + e.getMessage(), e);
        }
    }
}
