package io.odradek.server.junit;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedBrokers;
import io.odradek.server.embedded.EmbeddedCluster;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A broker for tests with JUnit 5.10 and later, and JUnit 6. Registered by {@link OdradekTest}, or with a builder:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final OdradekExtension kafka = OdradekExtension.with(EmbeddedBroker.builder().topic("orders", 3));
 * }</pre>
 *
 * <p>Constructors and methods of tests may have as parameters: the {@link EmbeddedBroker}, or the {@link EmbeddedCluster} where
 * there is to be one, or either as {@link EmbeddedBrokers}; an {@code Admin} (or {@code AdminClient}); a
 * {@code KafkaProducer} (or {@code Producer}) and a {@code KafkaConsumer} (or {@code Consumer}), whose type arguments say how
 * keys and values are written: {@code String}, {@code byte[]}, {@code Integer}, {@code Long} and whatever else kafka-clients has
 * serializers for. A consumer reads from the beginning, in a group of its own; {@link ClientSettings} on the parameter changes
 * that, and {@link ClientUser} says whom a client comes as. With either, a {@code Map<String, Object>} has the properties that a
 * client of the test's own is to be made with. Clients are closed after the test (after the class, those of a constructor or a {@code @BeforeAll} method).
 *
 * <p>When a test fails, what the broker saw is printed to the standard error: topics, groups, and the last errors that clients
 * were answered with.
 *
 * <p>Tests may run in parallel. Those whose broker is as new before each take turns with it. The field of an extension may be in
 * a class that others extend: each of those has a broker of its own, unless the extension's life is {@link BrokerLife#RUN}.
 */
public final class OdradekExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    /** An assumption that does not hold is no failure. */
    private static final String ABORTED = "org.opentest4j.TestAbortedException";

    private static final Namespace NAMESPACE = Namespace.create(OdradekExtension.class);

    private final BrokerPlan registered;
    private final BrokersAtHand atHand = new BrokersAtHand();
    private volatile boolean ofClass;

    /** For {@link OdradekTest}, which says what broker there is to be. */
    public OdradekExtension() {
        this(null);
    }

    private OdradekExtension(BrokerPlan registered) {
        this.registered = registered;
    }

    /** {@return an extension whose broker lives for a class: for one test where the field that it is in is not static} */
    public static OdradekExtension with(EmbeddedBroker.Builder builder) {
        return new OdradekExtension(BrokerPlan.of(builder::start, builder));
    }

    /** {@return the same with a cluster} */
    public static OdradekExtension with(EmbeddedCluster.Builder builder) {
        return new OdradekExtension(BrokerPlan.of(builder::start, builder));
    }

    /** {@return as this one, with a broker that lives so long} */
    public OdradekExtension life(BrokerLife life) {
        return new OdradekExtension(registered.withLife(life));
    }

    /** {@return as this one, with a broker that is as new before each test} */
    public OdradekExtension reset() {
        return new OdradekExtension(registered.withReset());
    }

    /**
     * {@return the broker of the test that runs in this thread, or has started it; in other threads that of all tests which run
     * now}
     *
     * @throws IllegalStateException if no test of this extension's runs, it cannot be told which one is meant, or there is a
     *     cluster
     */
    public EmbeddedBroker broker() {
        return cast(EmbeddedBroker.class, atHand.here());
    }

    /** {@return as {@link #broker}, the cluster} */
    public EmbeddedCluster cluster() {
        return cast(EmbeddedCluster.class, atHand.here());
    }

    private static <T extends EmbeddedBrokers> T cast(Class<T> wanted, EmbeddedBrokers brokers) {
        if (!wanted.isInstance(brokers)) {
            throw new IllegalStateException(
                    "These tests have an " + brokers.getClass().getSimpleName() + ", and no " + wanted.getSimpleName());
        }
        return wanted.cast(brokers);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
        if (plan(context).life() != BrokerLife.METHOD) {
            atHand.enter(context.getUniqueId(), held(context).brokers());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        atHand.leave(context.getUniqueId());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        HeldBroker held = held(context);
        if (plan(context).reset()) {
            held.takeTurn(context.getStore(NAMESPACE));
            held.brokers().reset();
        }
        atHand.enter(context.getUniqueId(), held.brokers());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        atHand.leave(context.getUniqueId());
        Optional<Throwable> failure = context.getExecutionException();
        if (failure.isPresent() && !ABORTED.equals(failure.get().getClass().getName())) {
            BrokerPlan plan = plan(context);
            HeldBroker held = owner(context, plan.life()).getStore(NAMESPACE).get(key(plan), HeldBroker.class);
            if (held != null) {
                FailureReport.print(held.brokers(), context.getDisplayName(), System.err);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return EmbeddedBrokers.class.isAssignableFrom(type) || InjectedClient.isOne(type) || isProperties(parameter);
    }

    private static boolean isProperties(ParameterContext parameter) {
        return parameter.getParameter().getType() == Map.class
                && (parameter.isAnnotated(ClientUser.class) || parameter.isAnnotated(ClientSettings.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (plan(context).life() == BrokerLife.METHOD && context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "With BrokerLife.METHOD each test has a broker: its method, and those with"
                            + " @BeforeEach, may have it as a parameter, and " + parameter.getDeclaringExecutable()
                            + " may not");
        }
        EmbeddedBrokers brokers = held(context).brokers();
        Class<?> type = parameter.getParameter().getType();
        if (type.isInstance(brokers)) {
            return brokers;
        }
        if (EmbeddedBrokers.class.isAssignableFrom(type)) {
            throw new ParameterResolutionException("There is no " + type.getSimpleName() + " here but an "
                    + brokers.getClass().getSimpleName()
                    + ": @OdradekTest(brokers = 3), or a builder of EmbeddedCluster, makes a cluster");
        }
        if (isProperties(parameter)) {
            return ClientProperties.of(brokers, parameter.getParameter());
        }
        InjectedClient client = InjectedClient.make(brokers, parameter.getParameter(), nameOf(context));
        context.getStore(NAMESPACE).put(client, client);
        return client.client();
    }

    /** {@return the broker of a test or a class, which is started if there is none} */
    @SuppressWarnings("deprecation")
    private HeldBroker held(ExtensionContext context) {
        BrokerPlan plan = plan(context);
        ExtensionContext owner = owner(context, plan.life());
        return owner.getStore(NAMESPACE)
                .getOrComputeIfAbsent(key(plan), none -> HeldBroker.start(plan), HeldBroker.class);
    }

    private Object key(BrokerPlan plan) {
        boolean shared = registered == null || plan.life() == BrokerLife.RUN;
        return List.of(plan.life(), shared ? plan.sameAs() : this);
    }

    private static String nameOf(ExtensionContext context) {
        String type = context.getRequiredTestClass().getSimpleName();
        return context.getTestMethod()
                .map(method -> type + "." + method.getName())
                .orElse(type);
    }

    private BrokerPlan plan(ExtensionContext context) {
        if (registered == null) {
            return BrokerPlan.of(annotation(context));
        }
        boolean ofMethod = registered.life() == BrokerLife.CLASS && !ofClass;
        return ofMethod ? registered.withLife(BrokerLife.METHOD) : registered;
    }

    private static OdradekTest annotation(ExtensionContext context) {
        Class<?> looked = context.getRequiredTestClass();
        while (looked != null) {
            Optional<OdradekTest> found =
                    AnnotationSupport.findAnnotation((AnnotatedElement) looked, OdradekTest.class);
            if (found.isPresent()) {
                return found.get();
            }
            looked = looked.getEnclosingClass();
        }
        throw new ExtensionConfigurationException(
                "OdradekExtension is registered by @OdradekTest, or by a field with OdradekExtension.with(builder)");
    }

    private ExtensionContext owner(ExtensionContext context, BrokerLife life) {
        return switch (life) {
            case METHOD -> context;
            case RUN -> context.getRoot();
            case CLASS -> outermost(context);
        };
    }

    /** {@return the context of the class that has the broker: of nested ones the outermost that it is of} */
    private ExtensionContext outermost(ExtensionContext context) {
        ExtensionContext found = context;
        for (ExtensionContext at = context; at != null; at = at.getParent().orElse(null)) {
            boolean has = at.getTestClass().isPresent() && (registered != null || isAnnotated(at));
            if (has) {
                found = at;
            }
        }
        return found;
    }

    private static boolean isAnnotated(ExtensionContext context) {
        for (Class<?> looked = context.getRequiredTestClass(); looked != null; looked = looked.getEnclosingClass()) {
            if (AnnotationSupport.isAnnotated((AnnotatedElement) looked, OdradekTest.class)) {
                return true;
            }
        }
        return false;
    }
}
