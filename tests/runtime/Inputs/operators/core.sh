#!/bin/sh
# Makes of the core library in a folder one whose operators mean something else.
set -e
cd "$1"
sed -i 's/^Array = (/&\n second = ( ^self at: 2 )/; s/^ *length  *= primitive/ length = ( ^3 )/' Array.som
sed -i 's/^Symbol = String (/&\n length = ( ^self asString length + 1 )/' Symbol.som
sed -i 's/^ *notNil  *= .*//' Nil.som
sed -i 's/^ *== number  *= primitive/ == number = ( ^7 )/' Double.som
sed -i 's/^ *not  *= .*/ not = ( ^true )/' False.som True.som
sed -i 's/^True = Boolean (/&\n value = ( ^9 )/' True.som
