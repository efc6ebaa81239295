package io.odradek.lambdas;

import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_PRIVATE;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ACC_SUPER;
import static org.objectweb.asm.Opcodes.ACC_SYNTHETIC;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.H_INVOKEINTERFACE;
import static org.objectweb.asm.Opcodes.H_INVOKESTATIC;
import static org.objectweb.asm.Opcodes.H_NEWINVOKESPECIAL;
import static org.objectweb.asm.Opcodes.INVOKEINTERFACE;
import static org.objectweb.asm.Opcodes.INVOKESPECIAL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.V17;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.commons.Method;

/**
 * The class that takes the place of a lambda expression or method reference: what the JVM makes of one when it runs for the
 * first time. Its fields have what is captured, its method calls the one that the compiler has put the body into; as that is
 * private, it is a nestmate of the class that the lambda stands in.
 *
 * @param type the class
 * @param nestHost the class that all nestmates name
 * @param site from what is captured to the interface
 * @param method of the interface, as the interface has it
 * @param exact its arguments and its result with the types that are known where the lambda stands
 * @param body what it calls
 */
record LambdaClass(Type type, String nestHost, Type site, Method method, Type exact, Handle body) {
    private static final Type OBJECT = Type.getType(Object.class);
    private static final Method NO_ARGUMENTS = new Method("<init>", "()V");
    private static final String ONLY_ONE = "ONLY_ONE";
    private static final String MAKE = "make";

    /** Writes what has an instance, where the lambda stands. */
    void use(MethodVisitor code) {
        if (captured().length == 0) {
            code.visitFieldInsn(GETSTATIC, type.getInternalName(), ONLY_ONE, type.getDescriptor());
        } else {
            code.visitMethodInsn(INVOKESTATIC, type.getInternalName(), MAKE, site.getDescriptor(), false);
        }
    }

    /** {@return the class file} */
    byte[] bytes() {
        ClassWriter out = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        String[] interfaces = {site.getReturnType().getInternalName()};
        out.visit(
                V17,
                ACC_FINAL | ACC_SUPER | ACC_SYNTHETIC,
                type.getInternalName(),
                null,
                OBJECT.getInternalName(),
                interfaces);
        out.visitNestHost(nestHost);
        writeConstructor(out);
        if (captured().length == 0) {
            writeOnlyOne(out);
        } else {
            writeMake(out);
        }
        writeCall(out);
        out.visitEnd();
        return out.toByteArray();
    }

    private void writeConstructor(ClassWriter out) {
        GeneratorAdapter code = begin(out, ACC_PRIVATE, constructor());
        code.loadThis();
        code.invokeConstructor(OBJECT, NO_ARGUMENTS);
        for (int i = 0; i < captured().length; i++) {
            out.visitField(ACC_PRIVATE | ACC_FINAL, field(i), captured()[i].getDescriptor(), null, null);
            code.loadThis();
            code.loadArg(i);
            code.putField(type, field(i), captured()[i]);
        }
        end(code);
    }

    private void writeOnlyOne(ClassWriter out) {
        out.visitField(ACC_STATIC | ACC_FINAL, ONLY_ONE, type.getDescriptor(), null, null);
        GeneratorAdapter code = begin(out, ACC_STATIC, new Method("<clinit>", "()V"));
        code.newInstance(type);
        code.dup();
        code.invokeConstructor(type, constructor());
        code.putStatic(type, ONLY_ONE, type);
        end(code);
    }

    private void writeMake(ClassWriter out) {
        GeneratorAdapter code = begin(out, ACC_STATIC, new Method(MAKE, site.getDescriptor()));
        code.newInstance(type);
        code.dup();
        code.loadArgs();
        code.invokeConstructor(type, constructor());
        end(code);
    }

    private void writeCall(ClassWriter out) {
        GeneratorAdapter code = begin(out, ACC_PUBLIC, method);
        boolean makes = body.getTag() == H_NEWINVOKESPECIAL;
        Type owner = Type.getObjectType(body.getOwner());
        if (makes) {
            code.newInstance(owner);
            code.dup();
        }
        List<Type> wanted = new ArrayList<>(List.of(Type.getArgumentTypes(body.getDesc())));
        if (!makes && body.getTag() != H_INVOKESTATIC) {
            wanted.add(0, owner);
        }
        int next = 0;
        for (Type kept : captured()) {
            code.loadThis();
            code.getField(type, field(next), kept);
            convert(code, kept, kept, wanted.get(next++));
        }
        for (int i = 0; i < method.getArgumentTypes().length; i++) {
            code.loadArg(i);
            convert(code, method.getArgumentTypes()[i], exact.getArgumentTypes()[i], wanted.get(next++));
        }
        code.visitMethodInsn(call(), body.getOwner(), body.getName(), body.getDesc(), body.isInterface());
        Type result = makes ? owner : Type.getReturnType(body.getDesc());
        convert(code, result, exact.getReturnType(), method.getReturnType());
        end(code);
    }

    /** A private method of a nestmate is called like any other. */
    private int call() {
        return switch (body.getTag()) {
            case H_INVOKESTATIC -> INVOKESTATIC;
            case H_NEWINVOKESPECIAL -> INVOKESPECIAL;
            case H_INVOKEINTERFACE -> INVOKEINTERFACE;
            default -> body.isInterface() ? INVOKEINTERFACE : INVOKEVIRTUAL;
        };
    }

    /**
     * As {@link java.lang.invoke.LambdaMetafactory} has it.
     *
     * @param exact what is known of it where the lambda stands
     */
    private static void convert(GeneratorAdapter code, Type from, Type exact, Type to) {
        if (from.equals(to)) {
            return;
        }
        if (to.getSort() == Type.VOID) {
            if (from.getSize() == 2) {
                code.pop2();
            } else {
                code.pop();
            }
        } else if (isReference(to)) {
            if (isReference(from)) {
                code.checkCast(to);
            } else {
                code.valueOf(from);
            }
        } else if (!isReference(from)) {
            code.cast(from, to);
        } else if (isCharacter(from) || isCharacter(exact)) {
            code.unbox(Type.CHAR_TYPE);
            code.cast(Type.CHAR_TYPE, to);
        } else {
            code.unbox(to);
        }
    }

    private static boolean isReference(Type type) {
        return type.getSort() >= Type.ARRAY;
    }

    private static boolean isCharacter(Type type) {
        return type.getClassName().equals(Character.class.getName());
    }

    private Type[] captured() {
        return site.getArgumentTypes();
    }

    private Method constructor() {
        return new Method("<init>", Type.VOID_TYPE, captured());
    }

    private static String field(int number) {
        return "captured" + number;
    }

    private static GeneratorAdapter begin(ClassWriter out, int access, Method method) {
        GeneratorAdapter code = new GeneratorAdapter(access, method, null, null, out);
        code.visitCode();
        return code;
    }

    private static void end(GeneratorAdapter code) {
        code.returnValue();
        code.endMethod();
    }
}
