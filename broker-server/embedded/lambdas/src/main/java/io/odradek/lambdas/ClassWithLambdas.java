package io.odradek.lambdas;

import static org.objectweb.asm.Opcodes.ASM9;
import static org.objectweb.asm.Opcodes.V11;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.Method;

/** A class that is written anew, with classes in the place of its lambdas. All else of it stays, the numbers of lines too. */
final class ClassWithLambdas extends ClassVisitor {
    private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";

    private final ClassWriter out;
    private final List<LambdaClass> lambdas = new ArrayList<>();
    private String name;
    private String nestHost;

    private ClassWithLambdas(ClassWriter out) {
        super(ASM9, out);
        this.out = out;
    }

    static ClassWithLambdas of(byte[] classFile) {
        // Without the old table of constants, which would keep what the lambdas were linked by.
        ClassWithLambdas read = new ClassWithLambdas(new ClassWriter(0));
        new ClassReader(classFile).accept(read, 0);
        return read;
    }

    /** {@return what its lambdas are now} */
    List<LambdaClass> lambdas() {
        return lambdas;
    }

    /** {@return the class file} */
    byte[] bytes() {
        return out.toByteArray();
    }

    /** {@return the class file, with nestmates added} */
    static byte[] withNestmates(byte[] classFile, List<String> names) {
        ClassWriter out = new ClassWriter(0);
        new ClassReader(classFile)
                .accept(
                        new ClassVisitor(ASM9, out) {
                            @Override
                            public void visit(
                                    int version,
                                    int access,
                                    String name,
                                    String generic,
                                    String parent,
                                    String[] interfaces) {
                                // Nests are of Java 11, older classes have none.
                                super.visit(Math.max(version, V11), access, name, generic, parent, interfaces);
                            }

                            @Override
                            public void visitEnd() {
                                names.forEach(this::visitNestMember);
                                super.visitEnd();
                            }
                        },
                        0);
        return out.toByteArray();
    }

    @Override
    public void visit(int version, int access, String self, String generic, String parent, String[] interfaces) {
        name = self;
        nestHost = self;
        super.visit(version, access, self, generic, parent, interfaces);
    }

    @Override
    public void visitNestHost(String host) {
        nestHost = host;
        super.visitNestHost(host);
    }

    @Override
    public MethodVisitor visitMethod(int access, String method, String type, String generic, String[] thrown) {
        return new MethodVisitor(ASM9, super.visitMethod(access, method, type, generic, thrown)) {
            @Override
            public void visitInvokeDynamicInsn(String called, String site, Handle linkedBy, Object... by) {
                // The other way of linking is for those that can be serialized, which name this one of the JVM's.
                if (linkedBy.getOwner().equals(METAFACTORY)
                        && linkedBy.getName().equals("metafactory")) {
                    lambda(called, Type.getMethodType(site), by).use(mv);
                } else {
                    super.visitInvokeDynamicInsn(called, site, linkedBy, by);
                }
            }
        };
    }

    private LambdaClass lambda(String called, Type site, Object... by) {
        LambdaClass lambda = new LambdaClass(
                Type.getObjectType(name + "$$Lambda" + (lambdas.size() + 1)),
                nestHost,
                site,
                new Method(called, ((Type) by[0]).getDescriptor()),
                (Type) by[2],
                (Handle) by[1]);
        lambdas.add(lambda);
        return lambda;
    }
}
