extension Lexicon {
    static let englishRoles: [(LexiconEntry.Roles, String)] = [
        (
            .negator,
            """
            no not never none nobody nothing neither nor nowhere without hardly barely scarcely cannot cant dont doesnt didnt
            isnt arent wasnt werent wont wouldnt couldnt shouldnt havent hasnt hadnt aint mustnt neednt nope rarely seldom
            lack lacks
            """
        ),
        (
            .booster,
            """
            very really so too super extremely absolutely totally completely incredibly truly highly especially utterly
            particularly insanely ridiculously fucking freaking frickin damn bloody such what_a deeply hugely most more
            pretty quite rather all much way_too dead proper seriously literally always even hella
            """
        ),
        (
            .dampener,
            "slightly somewhat kinda kind_of sort_of sorta a_bit a_little almost fairly partly maybe perhaps marginally"
        ),
        (
            .adversative,
            "but however although though yet except still despite nevertheless nonetheless whereas then_again"
        ),
        (
            .common,
            """
            the a an of to in is are was were be been am i you he she it we they me him her us them my your his our their this
            that these those and or but if so because as at by for from with about into on off out up down not no do does did
            dont have has had can could will would should may might just like get got go going what when where who why how
            there here now today all any some more most very too really your im youre its thats dont cant wont
            please thanks thank hello hi hey yes know think want need see people time day one
            """
        ),
        (
            .asking,
            "what who whose when where which why how is_there are_there do_you does_it can_i can_you could_you would_you"
        ),
        (.firstPerson, "i me my mine myself we us our ours im ive ill id were weve"),
        (.secondPerson, "you your yours yourself youre youve youll ur u yall"),
        (.unreal, "if would could should might may hope wish hopefully maybe unless"),
        (
            .swearing,
            """
            fuck fucking fucked fucker fuckers fuckin shit shitty bullshit bitch bitches ass asshole assholes damn dammit hell
            crap wtf stfu ffs bastard bastards dick prick piss pissed cunt motherfucker motherfucking bloody goddamn bs lmfao
            """
        ),
        (
            .anger,
            """
            sick_of fed_up tired_of unacceptable ridiculous outrageous disgrace disgraceful disgusting appalling shame_on
            shameful furious livid angry fuming infuriating pissed worst horrible terrible awful pathetic useless incompetent
            idiot* moron* stupid liar* lying scam* crook* thief thieves fraud garbage trash rubbish joke_of a_joke rip_off
            ripped_off ripoff waste_of wasting_my had_enough enough_is_enough how_dare how_hard_can lost_my_patience
            losing_my_patience out_of_patience nobody_helps nobody_listens nobody_cares nobody_answers no_one_cares
            no_one_answers dont_care excuse excuses thanks_for_nothing never_again never_buying never_order last_time_i
            lost_a_customer lost_customer taking_my_business cancel_my_account close_my_account im_done i_am_done
            so_done_with had_it_with get_it_together fix_it fix_this give_me_my_money gimme_my_money want_my_money
            my_money_back sue lawyer lawsuit legal_action court frustrat* unbelievable ruined ruin ignoring ignored bullshit
            bs crap wtf sucks piece_of joke clowns are_you_kidding are_you_serious is_this_a_joke what_a_joke nightmare
            fraudulent scandalous insulting insult robbed stole stealing lied
            """
        ),
        (
            .ordeal,
            """
            again still_no still_not still_havent still_waiting still_broken been_waiting have_waited waited waiting weeks
            months hours days_ago second_time third_time fourth_time fifth_time sixth_time tenth_time hundredth_time twice
            three_times every_time every_single over_and_over keep_getting keeps keep_telling on_hold hung_up no_answer
            no_reply no_response nobody no_one yet_another bounced passed_around for_weeks for_months a_month an_hour
            two_weeks three_weeks two_months three_hours repeat repeating
            """
        ),
        (
            .topic,
            """
            order orders account invoice delivery error errors problem problems issue issues fault faulty broken cancel cancelled canceled cancellation refund
            return returns returned complaint claim damaged missing lost locked blocked declined delay delayed charge charged
            doesnt_work not_working wont_open cant_find cant_log warranty debt fee fees late wrong mistake
            """
        ),
        (
            .greeting,
            "hello hi hey good_morning good_afternoon good_evening greetings bye goodbye cheers good_night welcome"
        ),
    ]
}
