# Read by cpack for each package that it makes: where in it the tree stands. A .tar.gz has it in one folder of its own.
if(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
endif()
