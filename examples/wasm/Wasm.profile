# Sequences of bytecodes that are worth a superinstruction, after how often each is executed.
# Made by
#   loopwright profile --superinstructions -O0 -fno-superinstructions --most=250 --most-code=40000 --for-others
# from these programs, a million bytecodes of each:
#   training/julia.wasm
#       146945 dispatches become 112122 (0.763)
#   training/matrix.wasm
#       150891 dispatches become 81014 (0.537)
#   training/primes.wasm
#       636836 dispatches become 515300 (0.809)
#   training/spectral.wasm
#       256048 dispatches become 138231 (0.540)
#   training/texts.wasm
#       78490 dispatches become 72313 (0.921)
#   training/waves.wasm
#       273923 dispatches become 183790 (0.671)

111887 addSlotImm loadDoubleAccOffset
100771 doubleMultiplyAccSlot doubleAddAccSlotTo
78644 addAccSlot intToDoubleAcc
72333 doubleMultiplySlotSlot doubleMultiplyAccSlotTo
65310 doubleAddAccSlot doubleAddAccSlot
58696 copyTo addSlotImmTo ifIntUnequalAccImmJump
52849 doubleMultiplyAccSlot doubleAddAccSlot
48905 doubleAddAccSlot storeDoubleSlotAccOffset
48760 addSlotImmTo ifIntAboveOrEqualSlotImmJump
47063 addSlotImmTo ifIntUnequalAccImmJump
46327 copyTo keepAccTo
45954 addSlotImm loadDoubleAccOffsetTo addSlotImm loadDoubleAccOffset doubleMultiplyAccSlotTo
44551 loadIntSlotOffset storeIntSlotAccOffset
41310 addSlotSlotTo addSlotImmTo addSlotImmTo addSlotImmTo ifIntUnequalAccImmJump
34711 doubleMultiplyAccSlotTo loadDoubleSlotOffset
33019 doubleMultiplySlotSlot doubleAddAccSlot
28333 storeLongAccSlotOffset addSlotImmTo
28316 intShiftRightUnsignedSlotImm andAccSlot
28003 addSlotImmTo addSlotImmTo ifIntUnequalAccImmJump
23868 addAccImm loadDoubleAccOffsetTo
22945 copyTo doubleMultiplySlotSlotTo
22448 addSlotSlotTo addSlotImmTo
22245 addSlotImm loadDoubleAccOffsetTo
21511 copyTo callTop
21511 storeIntSlotSlotOffset addSlotImmTo
21203 addSlotImm loadDoubleAccOffsetTo addSlotImm loadDoubleAccOffset
17228 addSlotImm loadUnsignedByteAccOffset
14505 numberTo addSlotImmTo
14467 addSlotImmTo addSlotImmTo
13611 numberTo loadIntSlotOffsetTo
10602 addAccImmTo loadDoubleAccOffsetTo
8555 addSlotImmTo loadDoubleSlotOffsetTo
7654 addAccSlotTo numberTo
7447 addSlotImmTo jump
7087 doubleMultiplyAccSlot doubleAddAccSlot doubleAddAccSlotTo
7087 doubleMultiplyAccSlotTo addSlotImm loadDoubleAccOffsetTo
6187 addSlotImmTo copyTo
5692 addAccImm storeDoubleAccAccOffset
4798 numberTo numberTo copyTo
4790 storeIntSlotAccOffset addSlotImmTo addSlotImmTo
4109 addSlotImm storeLongAccSlotOffset addSlotImm
3722 copyTo jump
3453 copyTo addSlotImmTo
3313 storeIntSlotAccOffset storeIntSlotSlotOffset addSlotImmTo
2339 addSlotImmTo ifIntEqualAccImmJump
2255 addAccSlot addAccImmTo
2210 numberTo copyTo
1542 numberTo jump
998 numberTo numberTo numberTo
764 storeIntSlotAccOffset addSlotImmTo
641 keepAccTo selectAccThenElseTo selectSlotThenElseTo
286 numberTo numberTo numberTo numberTo
263 numberTo numberTo
255 longDivideUnsignedSlotImm keepAccTo multiplyAccImm subtractSlotAcc orAccImm storeByteSlotAccOffset addSlotImmTo longAboveOrEqualSlotImm keepAccTo copyTo ifIntUnequalAccImmJump
216 addSlotSlotTo longDivideUnsignedSlotImm keepAccTo multiplyAccImm subtractSlotAcc orAccImm storeByteSlotAccOffset addSlotImmTo longAboveOrEqualSlotImm keepAccTo copyTo ifIntUnequalAccImmJump
187 numberTo constantLowHighTo
159 constantLowHighTo constantLowHighTo
146 addSlotImm storeLongAccSlotOffset
146 doubleAddAccSlot doubleAddAccSlotTo
78 addSlotImm loadDoubleAccOffsetTo addSlotImm
51 storeIntSlotAccOffset addSlotImmTo addSlotImmTo numberTo numberTo callAnyTop
38 numberTo subtractSlotSlot storeIntSlotAccOffset
38 addAccSlot xorAccSlotTo numberTo
35 keepAccTo halt
35 takeGlobal addAccImmTo setGlobalAcc
35 addSlotImm setGlobalAcc return
35 numberTo subtractSlotSlot storeIntSlotAccOffset addSlotSlot storeIntSlotAccOffset addSlotImmTo addSlotImmTo numberTo numberTo callAnyTop
29 longShiftRightSlotImmTo addAccSlot xorAccSlotTo numberTo addSlotSlotTo longDivideUnsignedSlotImm keepAccTo multiplyAccImm subtractSlotAcc orAccImm storeByteSlotAccOffset addSlotImmTo longAboveOrEqualSlotImm keepAccTo copyTo ifIntUnequalAccImmJump
28 constantLowHighTo constantLowHighTo constantLowHighTo constantLowHighTo
25 ifLongLessSlotImmJump addSlotImmTo jump
22 doubleAbsoluteAcc constantLowHighTo ifDoubleNotLessAccSlotJump doubleToLongSlot keepAccTo jump
17 constantLowHighTo constantLowHighTo constantLowHighTo
13 subtractSlotSlot storeIntSlotAccOffset
6 addAccSlot xorAccSlotTo numberTo addSlotSlotTo longDivideUnsignedSlotImm keepAccTo multiplyAccImm subtractSlotAcc orAccImm storeByteSlotAccOffset addSlotImmTo longAboveOrEqualSlotImm keepAccTo copyTo ifIntUnequalAccImmJump
