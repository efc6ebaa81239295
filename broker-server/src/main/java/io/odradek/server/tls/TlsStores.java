package io.odradek.server.tls;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;

/**
 * Loads the key store and the trust store of a listener: from files in JKS, PKCS12 or PEM, or from settings in PEM (KIP-651). All
 * refusals are a {@link ConfigException} of one line, in which no password is.
 *
 * @param settings of the listener
 */
record TlsStores(ListenerSettings settings) {
    private static final String PEM = "PEM";
    private static final String KEY_STORE = "ssl.keystore.location";
    private static final String KEY_STORE_PASSWORD = "ssl.keystore.password";
    private static final String KEY_PASSWORD = "ssl.key.password";
    private static final String KEY = "ssl.keystore.key";
    private static final String CHAIN = "ssl.keystore.certificate.chain";
    private static final String TRUST_STORE = "ssl.truststore.location";
    private static final String TRUST_STORE_PASSWORD = "ssl.truststore.password";
    private static final String TRUSTED = "ssl.truststore.certificates";
    private static final char[] NO_PASSWORD = {};

    /**
     * A key store, and the password of its keys.
     *
     * @param setting where it comes from, for messages
     */
    record Keys(KeyStore store, char[] password, String setting) {
        /** Not the password. */
        @Override
        public String toString() {
            return "Keys of " + setting;
        }
    }

    /** {@return what this broker shows of itself; null for nothing} */
    Keys keys() {
        boolean inline = settings.text(KEY) != null || settings.text(CHAIN) != null;
        String location = settings.text(KEY_STORE);
        if (inline) {
            require(KEY, "BEGIN PRIVATE KEY, as there is " + CHAIN);
            require(CHAIN, "BEGIN CERTIFICATE, as there is " + KEY);
            requirePem("ssl.keystore.type", KEY);
            refuse(KEY_STORE, "without " + KEY);
            refuse(KEY_STORE_PASSWORD, "for a key store in a file; a key in PEM has " + KEY_PASSWORD);
            return pemKeys(settings.text(CHAIN), CHAIN, settings.text(KEY), KEY);
        }
        if (location == null) {
            refuse(KEY_STORE_PASSWORD, "with " + KEY_STORE);
            return null;
        }
        if (isPem("ssl.keystore.type")) {
            refuse(KEY_STORE_PASSWORD, "for other key stores than PEM, whose key has " + KEY_PASSWORD);
            String text = text(KEY_STORE);
            return pemKeys(text, KEY_STORE, text, KEY_STORE);
        }
        require(KEY_STORE_PASSWORD, "the password of " + KEY_STORE);
        KeyStore store = file(KEY_STORE, "ssl.keystore.type", settings.text(KEY_STORE_PASSWORD));
        String own = settings.text(KEY_PASSWORD);
        char[] password = (own == null ? settings.text(KEY_STORE_PASSWORD) : own).toCharArray();
        checkKeys(store, password);
        return new Keys(store, password, settings.strongest(KEY_STORE));
    }

    /** {@return whose certificates are good; null for what the JVM trusts} */
    KeyStore trusted() {
        String inline = settings.text(TRUSTED);
        if (inline != null) {
            requirePem("ssl.truststore.type", TRUSTED);
            refuse(TRUST_STORE, "without " + TRUSTED);
            refuse(TRUST_STORE_PASSWORD, "for a trust store in a file");
            return pemTrusted(inline, TRUSTED);
        }
        if (settings.text(TRUST_STORE) == null) {
            refuse(TRUST_STORE_PASSWORD, "with " + TRUST_STORE);
            return null;
        }
        if (isPem("ssl.truststore.type")) {
            refuse(TRUST_STORE_PASSWORD, "for other trust stores than PEM");
            return pemTrusted(text(TRUST_STORE), TRUST_STORE);
        }
        return file(TRUST_STORE, "ssl.truststore.type", settings.text(TRUST_STORE_PASSWORD));
    }

    private Keys pemKeys(String chainText, String chainSetting, String keyText, String keySetting) {
        List<X509Certificate> chain;
        try {
            chain = Pem.certificates(chainText);
        } catch (GeneralSecurityException bad) {
            throw bad(chainSetting, bad.getMessage());
        }
        try {
            PrivateKey key = Pem.key(keyText, settings.text(KEY_PASSWORD));
            KeyStore store = empty();
            store.setKeyEntry("key", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
            return new Keys(store, NO_PASSWORD, settings.strongest(keySetting));
        } catch (GeneralSecurityException | IOException bad) {
            throw bad(keySetting, bad.getMessage());
        }
    }

    private KeyStore pemTrusted(String text, String setting) {
        try {
            KeyStore store = empty();
            int number = 0;
            for (X509Certificate certificate : Pem.certificates(text)) {
                store.setCertificateEntry("trusted" + number++, certificate);
            }
            return store;
        } catch (GeneralSecurityException | IOException bad) {
            throw bad(setting, bad.getMessage());
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private KeyStore file(String setting, String typeSetting, String password) {
        KeyStore store;
        try {
            store = KeyStore.getInstance(settings.text(typeSetting));
        } catch (KeyStoreException unknown) {
            throw new ConfigException(
                    settings.strongest(typeSetting), settings.text(typeSetting), "JKS, PKCS12 or PEM");
        }
        try (InputStream in = Files.newInputStream(Path.of(settings.text(setting)))) {
            store.load(in, password == null ? null : password.toCharArray());
            return store;
        } catch (IOException e) {
            throw e.getCause() instanceof UnrecoverableKeyException
                    ? bad(setting, "its password is another one")
                    : unreadable(setting, e);
        } catch (GeneralSecurityException bad) {
            throw bad(setting, bad.getMessage());
        }
    }

    private void checkKeys(KeyStore store, char[] password) {
        try {
            boolean hasKey = false;
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    store.getKey(alias, password);
                    hasKey = true;
                }
            }
            if (!hasKey) {
                throw bad(KEY_STORE, "it has no key, only certificates of others");
            }
        } catch (UnrecoverableKeyException wrong) {
            throw bad(
                    KEY_STORE,
                    "the password of its key is another one than " + KEY_PASSWORD + " or, without that, "
                            + KEY_STORE_PASSWORD);
        } catch (GeneralSecurityException bad) {
            throw bad(KEY_STORE, bad.getMessage());
        }
    }

    private String text(String setting) {
        try {
            return Files.readString(Path.of(settings.text(setting)), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw unreadable(setting, e);
        }
    }

    private ConfigException unreadable(String setting, IOException e) {
        String why = e instanceof NoSuchFileException
                ? "there is no such file"
                : e instanceof AccessDeniedException
                        ? "this user may not read it"
                        : "it cannot be read as " + (setting.equals(KEY_STORE) ? "a key store" : "a trust store") + ": "
                                + e.getMessage();
        return bad(setting, why);
    }

    /** The value is shown of places, and never of what may be a secret. */
    private ConfigException bad(String setting, String why) {
        String value = setting.endsWith(".location") ? " '" + settings.text(setting) + "'" : "";
        return new ConfigException("Bad value" + value + " for " + settings.strongest(setting) + ": " + why);
    }

    private boolean isPem(String typeSetting) {
        return settings.text(typeSetting).equalsIgnoreCase(PEM);
    }

    private void requirePem(String typeSetting, String because) {
        if (!isPem(typeSetting)) {
            throw new ConfigException(
                    settings.strongest(typeSetting),
                    settings.text(typeSetting),
                    PEM + ", as " + settings.strongest(because) + " is set");
        }
    }

    private void require(String setting, String what) {
        if (settings.text(setting) == null) {
            throw new ConfigException("No value for " + settings.strongest(setting) + ", expected " + what);
        }
    }

    private void refuse(String setting, String allowed) {
        if (settings.text(setting) != null) {
            throw new ConfigException(settings.strongest(setting) + " is allowed only " + allowed);
        }
    }
}
