package io.baton.messaging;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * Has Jackson take a record at its word: in null-marked code, a component that is not {@link Nullable} must be in the
 * JSON and must not be null there, and neither may the elements of its lists. Jackson asks once per type, not once per
 * message.
 */
final class RequiredComponents extends JacksonAnnotationIntrospector {

    private static final JsonSetter.Value OPTIONAL = JsonSetter.Value.empty();

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        JsonSetter.Value told = super.findSetterInfo(config, annotated);
        return annotated instanceof AnnotatedParameter parameter ? required(parameter).withOverrides(told) : told;
    }

    private static JsonSetter.Value required(AnnotatedParameter parameter) {
        Class<?> type = parameter.getDeclaringClass();
        if (!type.isRecord() || !isNullMarked(type)) {
            return OPTIONAL;
        }
        RecordComponent[] components = type.getRecordComponents();
        if (!(parameter.getOwner() instanceof AnnotatedConstructor constructor)
                || constructor.getParameterCount() != components.length) {
            return OPTIONAL;
        }
        AnnotatedType component = components[parameter.getIndex()].getAnnotatedType();
        return JsonSetter.Value.construct(nulls(component), nulls(content(component)));
    }

    private static Nulls nulls(@Nullable AnnotatedElement type) {
        return type == null || type.isAnnotationPresent(Nullable.class) ? Nulls.DEFAULT : Nulls.FAIL;
    }

    /** What a list or a map holds; null for any other type. */
    private static @Nullable AnnotatedType content(AnnotatedType type) {
        if (type instanceof AnnotatedParameterizedType parameterized) {
            return parameterized.getAnnotatedActualTypeArguments()[
                    parameterized.getAnnotatedActualTypeArguments().length - 1];
        }
        return null;
    }

    private static boolean isNullMarked(Class<?> type) {
        for (Class<?> c = type; c != null; c = c.getEnclosingClass()) {
            if (c.isAnnotationPresent(NullMarked.class)) {
                return true;
            }
        }
        return type.getPackage().isAnnotationPresent(NullMarked.class);
    }
}
