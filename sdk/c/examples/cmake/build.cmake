# Configures and builds in one command, which is what build_cmd of a manifest has to be: cmake -P build.cmake
set(configuration -DCMAKE_BUILD_TYPE=Release)
if(DEFINED ALAS_SDK)
  list(APPEND configuration "-DALAS_SDK=${ALAS_SDK}")
endif()
execute_process(
  COMMAND "${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}" -B "${CMAKE_CURRENT_LIST_DIR}/build" ${configuration}
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(
  COMMAND "${CMAKE_COMMAND}" --build "${CMAKE_CURRENT_LIST_DIR}/build"
  COMMAND_ERROR_IS_FATAL ANY)
