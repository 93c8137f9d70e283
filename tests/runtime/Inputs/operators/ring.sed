s/^Integer = (/&\n ringPlus: n = ( ^(self - (0 - n)) % 12 ) \n ringTimes: n = ( | r | r := 0. n timesRepeat: [ r := (r - (0 - self)) % 12 ]. ^r )\n isSmall: n = ( ^n > 4 )/
